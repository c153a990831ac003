import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import { AppError } from '../core/errors';
import { type LakeCluster, changeEvents, createEvents, createVersions, storedIn } from './layout';
import { createFigures } from './figures/table';
import { LAKE_MIGRATIONS } from './migrations';
import type { LakeMigration } from './migrations/migration';

/** The table rows are made again in while `events` serves; gone when they are whole. */
export const NEXT = 'events_next';
/** What was served until then, for the moment it takes to see that nothing is missing. */
export const BEFORE = 'events_before';

/** Where the lake stands among the migrations there are. */
export type LakeVersion = {
  applied: readonly string[];
  /** Ids not applied; what comes after a rebuild waits for nothing. */
  pending: readonly string[];
};

/**
 * Brings the lake to what the program expects: a new one is made as it is now, an older one goes through the steps it has not seen. A rebuild is
 * begun here, and done by `refillLake` in the background. Runs under the lock of the database's migrations, so by one process at a time.
 * @throws AppError CONFLICT for a lake of a later version of the program.
 */
export async function migrateLake(
  lake: ClickHouseClient,
  cluster: LakeCluster = null,
  migrations: readonly LakeMigration[] = LAKE_MIGRATIONS,
): Promise<void> {
  await run(lake, [createVersions(cluster), ...createFigures(cluster)]);
  const tables = await tablesOf(lake, cluster);
  const applied = await appliedIds(lake);
  const unknown = applied.filter((id) => !migrations.some((migration) => migration.id === id));
  if (unknown.length > 0)
    throw new AppError(
      'CONFLICT',
      `the event lake was changed by a later version (${unknown.join(', ')}); start that one, or empty the lake and let this one rebuild it from evidence`,
    );
  if (!tables.has('events') && !tables.has(BEFORE)) {
    await run(lake, createEvents('events', cluster));
    return record(
      lake,
      migrations.map(({ id }) => id).filter((id) => !applied.includes(id)),
    );
  }
  for (const migration of migrations.filter(({ id }) => !applied.includes(id))) {
    for (const table of ['events', ...(tables.has(NEXT) ? [NEXT] : [])])
      await run(lake, changeEvents(table, cluster, migration.inPlace));
    if (migration.kind === 'in-place') await record(lake, [migration.id]);
    else await run(lake, createEvents(NEXT, cluster));
  }
}

/** Statements, one after another. */
export async function run(lake: ClickHouseClient, statements: readonly string[]): Promise<void> {
  for (const query of statements) await lake.command({ query });
}

/** Notes that these are done. */
export async function record(lake: ClickHouseClient, ids: readonly string[]): Promise<void> {
  if (ids.length > 0)
    await lake.insert({
      table: 'lake_migrations',
      values: ids.map((id) => ({ id })),
      columns: ['id'],
      format: 'JSONEachRow',
    });
}

export async function lakeVersion(
  lake: ClickHouseClient,
  migrations: readonly LakeMigration[] = LAKE_MIGRATIONS,
): Promise<LakeVersion> {
  const applied = await appliedIds(lake);
  return { applied, pending: migrations.map(({ id }) => id).filter((id) => !applied.includes(id)) };
}

/** Columns of the table that serves which a rebuild has yet to make again. */
export async function columnsToRemake(lake: ClickHouseClient): Promise<ReadonlySet<string>> {
  const { pending } = await lakeVersion(lake);
  return new Set(LAKE_MIGRATIONS.filter(({ id }) => pending.includes(id)).flatMap(({ remakes }) => remakes ?? []));
}

async function appliedIds(lake: ClickHouseClient): Promise<string[]> {
  const result = await lake.query({
    query: 'SELECT DISTINCT id FROM lake_migrations ORDER BY id',
    format: 'JSONEachRow',
  });
  return (await result.json<{ id: string }>()).map(({ id }) => id);
}

/** Those of the tables of events that there are. */
export async function tablesOf(lake: ClickHouseClient, cluster: LakeCluster): Promise<ReadonlySet<string>> {
  const tables = new Map(['events', NEXT, BEFORE].map((table) => [storedIn(table, cluster), table]));
  const result = await lake.query({
    query: 'SELECT name FROM system.tables WHERE database = currentDatabase() AND name IN {names: Array(String)}',
    query_params: { names: [...tables.keys()] },
    format: 'JSONEachRow',
  });
  return new Set((await result.json<{ name: string }>()).flatMap(({ name }) => tables.get(name) ?? []));
}
