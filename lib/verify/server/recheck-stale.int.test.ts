import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { appendRecords } from '../../ingest/append-records';
import { addSidecar } from '../../ingest/sidecars';
import { ingestUpload } from '../../ingest/upload';
import { fsck } from '../../fsck/fsck';
import type { Drift } from '../../fsck/drift';
import { testActor } from '../../testing/actor';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { ENGINE } from './engine';
import { recheckStale } from './recheck-stale';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
});
afterAll(() => installation?.stop());

it('checks again what an older engine checked', async () => {
  const { ctx } = installation;
  const file = fileURLToPath(new URL('../../core/formats/occasio/fixtures/tampered.jsonl', import.meta.url));
  async function* body() {
    yield readFileSync(file);
  }
  const { chainId } = await ingestUpload(ctx, { fileName: 'x.jsonl', chain: 'x', body: body(), actor: testActor() });
  await installation.settled(chainId);
  await ctx.db
    .updateTable('segment_checks')
    .set({ engine: ENGINE - 1 })
    .execute();
  await ctx.db
    .updateTable('chains')
    .set({ problem_counts: '{}', verdict: 'verified' })
    .where('id', '=', chainId)
    .execute();

  await recheckStale(ctx);
  const engines = () => ctx.db.selectFrom('segment_checks').select('engine').execute();
  await expect.poll(engines, { timeout: 20_000 }).toEqual([{ engine: ENGINE }]);
  const verdict = () => ctx.db.selectFrom('chains').select('verdict').where('id', '=', chainId).executeTakeFirst();
  await expect.poll(verdict, { timeout: 20_000 }).toEqual({ verdict: 'tampered' });
});

const fixture = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../core/formats/${name.replace('/', '/fixtures/')}`, import.meta.url)));

it('joins a chain of which all is open without saying that it holds nothing', async () => {
  const { ctx } = installation;
  const { chainId } = await appendRecords(ctx, {
    chain: 'open',
    bytes: Buffer.from(
      fixture('nono/valid.jsonl')
        .toString('utf8')
        .split('\n')
        .slice(0, 3)
        .map((line) => `${line}\n`)
        .join(''),
    ),
    precondition: { kind: 'lines' },
    idempotency: null,
    actor: testActor(),
  });
  await recheckStale(ctx);
  const { time_gaps: gaps } = await vi.waitUntil(
    () =>
      ctx.db
        .selectFrom('chains')
        .select('time_gaps')
        .where('id', '=', chainId)
        .where('time_gaps', 'is not', null)
        .executeTakeFirst(),
    { timeout: 20_000 },
  );
  expect(gaps).toEqual([]);
  const problems = () =>
    ctx.db.selectFrom('boundary_problems').select('code').where('chain_id', '=', chainId).execute();
  expect(await problems()).toEqual([]);
  expect(await drifts()).toEqual([]);

  async function* session() {
    yield fixture('nono/session.json');
  }
  await addSidecar(ctx, { chainId, fileName: 'session.json', body: session(), actor: testActor() });
  await vi.waitUntil(
    () =>
      ctx.db
        .selectFrom('chains')
        .select('id')
        .where('id', '=', chainId)
        .whereRef('verified_generation', '=', 'generation')
        .executeTakeFirst(),
    { timeout: 20_000 },
  );
  expect(await ctx.db.selectFrom('chains').select('verdict').where('id', '=', chainId).executeTakeFirst()).toEqual({
    verdict: 'truncated',
  });
  expect(await problems()).toEqual([{ code: expect.not.stringMatching('no-chain') }]);
  expect(await drifts()).toEqual([]);
});

async function drifts(): Promise<Drift[]> {
  const found: Drift[] = [];
  await fsck(installation.ctx, (drift) => found.push(drift), { only: ['chains'] });
  return found;
}
