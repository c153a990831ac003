import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ingestUpload } from '../ingest/upload';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { ENGINE } from './engine';
import { recheckStale } from './recheck-stale';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
  await installation.work();
});
afterAll(() => installation?.stop());

it('checks again what an older engine checked', async () => {
  const { ctx } = installation;
  const file = fileURLToPath(new URL('../core/formats/fixtures/occasio/tampered.jsonl', import.meta.url));
  async function* body() {
    yield readFileSync(file);
  }
  const { chainId } = await ingestUpload(ctx, { fileName: 'x.jsonl', chain: 'x', body: body(), receivedBy: 'test' });
  await installation.settled(chainId);
  await ctx.db.updateTable('segment_checks').set({ engine: ENGINE - 1 }).execute();
  await ctx.db.updateTable('chains').set({ problem_counts: '{}', verdict: 'verified' }).where('id', '=', chainId).execute();

  await recheckStale(ctx);
  const engines = () => ctx.db.selectFrom('segment_checks').select('engine').execute();
  await expect.poll(engines, { timeout: 20_000 }).toEqual([{ engine: ENGINE }]);
  const verdict = () => ctx.db.selectFrom('chains').select('verdict').where('id', '=', chainId).executeTakeFirst();
  await expect.poll(verdict, { timeout: 20_000 }).toEqual({ verdict: 'tampered' });
});
