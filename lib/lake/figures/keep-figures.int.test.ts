import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Context } from '../../context';
import type { Drift } from '../../fsck/drift';
import { fsck } from '../../fsck/fsck';
import { ingestUpload } from '../../ingest/upload';
import { testActor } from '../../testing/actor';
import { fixture } from '../../testing/fixtures';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { figuredPartitions, partitionStates } from '../query/partitions';
import { reportedIn, segmentsIn } from '../query/reported';
import { keepFigures } from './keep-figures';

const EVER = { from: '1970-01-01T00:00:00Z', to: '2262-01-01T00:00:00Z' };
const HOUR_MS = 3600_000;

let installation: TestInstallation;
let chainId = '';
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  const { ctx } = installation;
  await installation.work();
  ({ chainId } = await ingestUpload(ctx, {
    fileName: 'log.jsonl',
    chain: 'counted',
    body: Readable.from([fixture('occasio', 'valid')]),
    actor: testActor(),
  }));
  await installation.settled(chainId);
  // Nothing is merged but when it is said.
  await ctx.lake.command({
    query:
      'ALTER TABLE events MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1, max_bytes_to_merge_at_min_space_in_pool = 1',
  });
}, 120_000);
afterAll(() => installation.stop());

const reported = async () => ({
  ...(await reportedIn(installation.ctx, { period: EVER, stepSeconds: 86_400, mostTools: 100 })),
  segments: await segmentsIn(installation.ctx, EVER),
});
const figured = async () => (await figuredPartitions(installation.ctx)).map(({ partition }) => partition);
const command = (query: string) => installation.ctx.lake.command({ query });

async function countOf(table: string): Promise<number> {
  const result = await installation.ctx.lake.query({
    query: `SELECT count() AS rows FROM ${table}`,
    format: 'JSONEachRow',
  });
  return (await result.json<{ rows: number }>())[0]?.rows ?? 0;
}

async function drifts(): Promise<Drift[]> {
  const found: Drift[] = [];
  await fsck(installation.ctx, (drift) => found.push(drift), { only: ['lake'] });
  return found;
}

it('a partition is counted once it has not changed from one call to the next', async () => {
  const { ctx } = installation;
  const partitions = (await partitionStates(ctx)).map(({ partition }) => partition);
  expect(partitions.length).toBeGreaterThan(0);
  const before = await reported();
  expect(before.totals.records).toBeGreaterThan(0);
  await keepFigures(ctx);
  expect(await figured()).toEqual([]);
  await keepFigures(ctx);
  expect(await figured()).toEqual(partitions);
  expect(await reported()).toEqual(before);
  const kept = await countOf('figures');
  await keepFigures(ctx);
  expect(await countOf('figures')).toBe(kept);
});

it('what is written twice, merged or deleted makes it another, of which nothing is counted yet, and is read from records until then', async () => {
  const { ctx } = installation;
  const before = await reported();
  await command('INSERT INTO events SELECT * FROM events');
  expect(await figured()).toEqual([]);
  expect(await reported()).toEqual(before);
  await keepFigures(ctx);
  await keepFigures(ctx);
  expect(await figured()).not.toEqual([]);
  expect(await reported()).toEqual(before);

  await command('OPTIMIZE TABLE events FINAL');
  expect(await figured()).toEqual([]);
  await keepFigures(ctx);
  expect(await reported()).toEqual(before);
  await keepFigures(ctx);
  expect(await figured()).not.toEqual([]);
  expect(await reported()).toEqual(before);

  await command(
    `DELETE FROM events WHERE chain_id = '${chainId}' AND ordinal = 3 SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2`,
  );
  const { totals } = await reported();
  expect(totals.records).toBe(before.totals.records - 1);
});

it('a delete of records in another week leaves the figures of this one as they are', async () => {
  const { ctx } = installation;
  const columns = 'chain_id, ordinal, segment_digest';
  await command(
    `INSERT INTO events (${columns}, recorded_at, decision) VALUES ('${chainId}', 900001, 'x', '2025-01-06 12:00:00', 'deny'), ('${chainId}', 900002, 'x', '2025-03-06 12:00:00', 'deny')`,
  );
  await keepFigures(ctx);
  await keepFigures(ctx);
  const all = await figured();
  expect(all).toEqual(expect.arrayContaining(['202502', '202510']));
  const before = await reported();
  await command(`DELETE FROM events WHERE ordinal = 900002 SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2`);
  expect(await figured()).toEqual(all.filter((partition) => partition !== '202510'));
  const after = await reported();
  expect(after.totals).toEqual({
    ...before.totals,
    records: before.totals.records - 1,
    denied: before.totals.denied - 1,
  });
  await command(`DELETE FROM events WHERE ordinal = 900001 SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2`);
});

it('an edited figure is named by the examination, and one of a state that passed is taken away an hour later', async () => {
  const { ctx } = installation;
  await keepFigures(ctx);
  await keepFigures(ctx);
  const differing = async () => (await drifts()).filter(({ at }) => at?.table === 'figures');
  expect(await differing()).toEqual([]);
  const partition = (await figured()).at(-1);
  const edit = `SETTINGS mutations_sync = 2`;
  for (const [set, back] of [
    [`records = records + 1 WHERE set = 'tool'`, `records = records - 1 WHERE set = 'tool'`],
    [`denied = denied + 1 WHERE set = 'day'`, `denied = denied - 1 WHERE set = 'day'`],
    [`secrets = secrets + 1 WHERE set = 'day'`, `secrets = secrets - 1 WHERE set = 'day'`],
    [
      `digest = concat(digest, 'x') WHERE set = 'segment'`,
      `digest = substring(digest, 1, length(digest) - 1) WHERE set = 'segment'`,
    ],
  ]) {
    await command(`ALTER TABLE figures UPDATE ${set} ${edit}`);
    expect(await differing()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'lake-differs', at: expect.objectContaining({ row: partition }) }),
      ]),
    );
    await command(`ALTER TABLE figures UPDATE ${back} ${edit}`);
  }
  expect(await differing()).toEqual([]);
  await command(`ALTER TABLE figures UPDATE sessions = agents WHERE set = 'day' ${edit}`);
  expect(await differing()).not.toEqual([]);

  const later: Context = { ...ctx, now: () => new Date(ctx.now().getTime() + 2 * HOUR_MS) };
  const marks = async () => countOf('figured_partitions');
  expect(await marks()).toBeGreaterThan((await figured()).length);
  await keepFigures(ctx);
  expect(await marks()).toBeGreaterThan((await figured()).length);
  const kept = await countOf('figures');
  await keepFigures(later);
  expect(await marks()).toBe((await figured()).length);
  expect(await countOf('figures')).toBeLessThan(kept);
  expect(await figured()).not.toEqual([]);
});
