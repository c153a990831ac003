import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { detectTail } from '../detect/detect-tail';
import { appendRecords } from '../ingest/append-records';
import { testActor } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { loadTail } from './load-tail';
import { reloadChain } from './reload-chain';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
}, 120_000);
afterAll(() => installation.stop(), 60_000);

it('rules that looked at open records while the lake had lost some look at them again', async () => {
  const { ctx } = installation;
  const bytes = await readFile(path.join(import.meta.dirname, '../core/formats/arbiter/fixtures/valid.jsonl'));
  const { chainId } = await appendRecords(ctx, {
    chain: 'growing',
    bytes,
    precondition: { kind: 'offset', offset: 0 },
    idempotency: null,
    actor: testActor(),
  });
  const findings = () =>
    ctx.db
      .selectFrom('findings')
      .select(['record_count', (eb) => eb('superseded_at', 'is', null).as('stands')])
      .orderBy('window_from')
      .execute();
  await loadTail(ctx, { chainId });
  await detectTail(ctx, { chainId });
  const found = await findings();
  expect(found.map(({ stands }) => stands)).toContain(true);

  await ctx.lake.command({
    query: 'DELETE FROM events WHERE ordinal % 2 = 0 SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2',
  });
  await ctx.db
    .updateTable('tails')
    .set((eb) => ({ searched_records: eb.ref('closed_records') }))
    .execute();
  await detectTail(ctx, { chainId });
  expect(await findings()).not.toEqual(found);

  await reloadChain(ctx, { chainId });
  await detectTail(ctx, { chainId });
  expect(await findings()).toEqual(found);
});
