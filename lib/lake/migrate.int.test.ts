import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COLUMNS } from '../core/event/fields';
import { examineLake } from '../fsck/examine-lake';
import { appendRecords } from '../ingest/append-records';
import { ingestUpload } from '../ingest/upload';
import { testActor } from '../testing/actor';
import { fixture } from '../testing/fixtures';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { createEvents } from './layout';
import { loadTail } from './load-tail';
import { NEXT, lakeVersion, migrateLake, run, tablesOf } from './migrate';
import { LAKE_MIGRATIONS } from './migrations';
import { firstEvents } from './migrations/0001-events';
import { moreFields } from './migrations/0004-more-fields';
import type { LakeMigration } from './migrations/migration';
import { refillLake, refillState } from './refill';

/** Sorted another way, as a step that no statement can make. */
const REBUILD: LakeMigration = {
  id: '9000-sorted-anew',
  kind: 'rebuild',
  inPlace: (table) => [`ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS later String DEFAULT 'none'`],
};

let installation: TestInstallation;
let closed = '';
let open = '';
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  const { ctx } = installation;
  await installation.work();
  closed = (
    await ingestUpload(ctx, {
      fileName: 'log.jsonl',
      chain: 'closed',
      body: Readable.from([fixture('occasio', 'tampered')]),
      actor: testActor(),
    })
  ).chainId;
  open = (
    await appendRecords(ctx, {
      chain: 'open',
      format: 'occasio',
      bytes: fixture('occasio', 'valid'),
      precondition: { kind: 'lines' },
      idempotency: null,
      actor: testActor(),
    })
  ).chainId;
  await installation.settled(closed);
  await loadTail(ctx, { chainId: open });
});
afterAll(() => installation?.stop());

async function requested<Row>(query: string): Promise<Row[]> {
  return (await installation.ctx.lake.query({ query, format: 'JSONEachRow' })).json<Row>();
}

const columnsOf = (table: string) =>
  requested<{ name: string; type: string }>(
    `SELECT name, type, compression_codec FROM system.columns WHERE database = currentDatabase() AND table = '${table}' ORDER BY position`,
  );
/** What of a chain's rows is told to differ from evidence. */
async function driftOf(chainId: string): Promise<string[]> {
  const told: string[] = [];
  await examineLake(installation.ctx, { id: chainId }, { drift: ({ what }) => told.push(what) });
  return told;
}
const contents = () => requested(`SELECT * EXCEPT later FROM events FINAL ORDER BY chain_id, ordinal`);

it('an installation that went through every step has the table of a new one, column by column of the one list', async () => {
  const { lake } = installation.ctx;
  await run(lake, createEvents('events_new', null));
  for (const migration of LAKE_MIGRATIONS)
    for (const query of migration.inPlace('events_stepped')) await lake.command({ query });
  expect(await columnsOf('events_stepped')).toEqual(await columnsOf('events_new'));
  expect((await columnsOf('events_new')).map(({ name }) => name)).toEqual([
    ...COLUMNS.map(({ name }) => name),
    'is_closed',
    'traits',
  ]);
  for (const table of ['events_new', 'events_stepped']) await lake.command({ query: `DROP TABLE ${table}` });
});

it('a lake from before its versions were counted is taken as it is, and a column it lacks is added', async () => {
  const { lake } = installation.ctx;
  const rows = await requested('SELECT * FROM events FINAL ORDER BY chain_id, ordinal');
  await lake.command({ query: 'DROP TABLE lake_migrations' });
  const addsColumn: LakeMigration = {
    id: '8000-a-column',
    kind: 'in-place',
    inPlace: (table) => [`ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS added UInt32 DEFAULT 7`],
  };
  await migrateLake(lake, null, [firstEvents, addsColumn]);
  await migrateLake(lake, null, [firstEvents, addsColumn]);
  expect(await lakeVersion(lake, [firstEvents, addsColumn, REBUILD])).toEqual({
    applied: ['0001-events', '8000-a-column'],
    pending: [REBUILD.id],
  });
  expect(await requested('SELECT * EXCEPT added FROM events FINAL WHERE added = 7 ORDER BY chain_id, ordinal')).toEqual(
    rows,
  );
  await expect(migrateLake(lake, null, [firstEvents])).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('8000-a-column'),
  });
  await lake.command({ query: 'ALTER TABLE events DROP COLUMN added' });
  await lake.command({ query: `DELETE FROM lake_migrations WHERE id = '8000-a-column'` });
});

it('a rebuild serves the old table while a new one is filled from evidence, takes in what comes meanwhile, and repairs what was edited', async () => {
  const { ctx } = installation;
  const migrations = [firstEvents, REBUILD];
  const before = await requested<Record<string, unknown>>('SELECT * FROM events FINAL ORDER BY chain_id, ordinal');
  await ctx.lake.command({
    query: `DELETE FROM events WHERE chain_id = '${closed}' AND ordinal = 3 SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2`,
  });
  await migrateLake(ctx.lake, null, migrations);
  expect(await refillState(ctx)).toEqual({ chains: 2, filled: 0 });
  expect(await contents()).toHaveLength(before.length - 1);

  const more = fixture('occasio', 'valid').toString('utf8');
  const third = (
    await ingestUpload(ctx, { fileName: 'log.jsonl', chain: 'third', body: Readable.from([more]), actor: testActor() })
  ).chainId;
  await installation.settled(third);
  expect(await refillState(ctx)).toEqual({ chains: 3, filled: 1 });

  await refillLake(ctx, undefined, migrations);
  expect(await tablesOf(ctx.lake, null)).toEqual(new Set(['events']));
  expect(await lakeVersion(ctx.lake, migrations)).toMatchObject({ pending: [] });
  expect(await refillState(ctx)).toBeNull();
  const after = await requested<Record<string, unknown>>('SELECT * FROM events FINAL ORDER BY chain_id, ordinal');
  expect(after.filter(({ chain_id: id }) => id !== third)).toEqual(before);
  expect(after.filter(({ chain_id: id }) => id === third)).toHaveLength(228);
  expect((await columnsOf('events')).some(({ name }) => name === 'later')).toBe(false);
  await ctx.lake.command({ query: `DELETE FROM lake_migrations WHERE id = '${REBUILD.id}'` });
});

it('a rebuild that was stopped goes on, a chain that grew meanwhile is filled again', async () => {
  const { ctx } = installation;
  const migrations = [firstEvents, REBUILD];
  await migrateLake(ctx.lake, null, migrations);
  const stopping = new AbortController();
  stopping.abort(new Error('the worker stops'));
  await expect(refillLake(ctx, stopping.signal, migrations)).rejects.toThrow('the worker stops');
  const stopped = await refillState(ctx);
  expect(stopped?.filled).toBe(1);
  // As a process of the version before writes: to the old table alone.
  await ctx.lake.command({
    query: `DELETE FROM ${NEXT} WHERE ordinal = 0 SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2`,
  });
  await refillLake(ctx, undefined, migrations);
  expect(
    await requested(
      `SELECT toString(chain_id) AS chain FROM events FINAL GROUP BY chain_id HAVING count() != max(ordinal) + 1`,
    ),
  ).toEqual([]);
  expect(await tablesOf(ctx.lake, null)).toEqual(new Set(['events']));
});

it('fields added to a lake that has records are filled from evidence, and not compared until they are', async () => {
  const { ctx } = installation;
  const added = (moreFields.remakes ?? []).filter((name) => name !== 'reason' && name !== 'protocol');
  const before = await requested<Record<string, unknown>>('SELECT * FROM events FINAL ORDER BY chain_id, ordinal');
  expect(before.some(({ original_decision: word, extra }) => word !== '' && extra !== '')).toBe(true);
  for (const name of added) await ctx.lake.command({ query: `ALTER TABLE events DROP COLUMN ${name}` });
  await ctx.lake.command({ query: 'TRUNCATE TABLE lake_migrations' });
  await migrateLake(ctx.lake);
  const [row] = await requested<Record<string, unknown>>('SELECT * FROM events FINAL ORDER BY chain_id, ordinal');
  expect(added.map((name) => row?.[name])).toEqual(added.map((name) => (name === 'upstream_status' ? 0 : '')));
  expect(await driftOf(closed)).toEqual([]);

  await refillLake(ctx);
  expect(await requested('SELECT * FROM events FINAL ORDER BY chain_id, ordinal')).toEqual(before);
  await ctx.lake.command({
    query: `ALTER TABLE events UPDATE original_decision = 'edited' WHERE chain_id = '${closed}' AND ordinal = 2 SETTINGS mutations_sync = 2`,
  });
  expect(await driftOf(closed)).toEqual(['original_decision of record 2 in the lake']);
});
