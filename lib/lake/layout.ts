import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import { eventsTable } from './events-table';

/** The cluster the tables of the lake lie on, as the server's configuration names it; null for one server, and for ClickHouse Cloud. */
export type LakeCluster = string | null;

/** The table that holds rows of a table of events: itself on one server; on a cluster one on each of its nodes, below a `Distributed` one. */
export function storedIn(table: string, cluster: LakeCluster): string {
  return cluster === null ? table : `${table}_local`;
}

/** The same as a statement that changes it names it. */
export function changedAs(table: string, cluster: LakeCluster): string {
  return `${storedIn(table, cluster)}${onCluster(cluster)}`;
}

/** `ON CLUSTER` with its name, where there is one. */
function onCluster(cluster: LakeCluster): string {
  return cluster === null ? '' : ` ON CLUSTER ${quoted(cluster)}`;
}

/** Statements that make a table of events as it is now, unless it is there. */
export function createEvents(table: string, cluster: LakeCluster): string[] {
  // Without arguments of its own a replicated table takes the path and name that the server has for its replicas.
  const engine = cluster === null ? 'ReplacingMergeTree' : 'ReplicatedReplacingMergeTree';
  return [
    `CREATE TABLE IF NOT EXISTS ${changedAs(table, cluster)} ${eventsTable(engine)}`,
    ...(cluster === null ? [] : [inFront(table, cluster, 'CREATE TABLE IF NOT EXISTS')]),
  ];
}

/** Statements that change a table of events in its place, which are given for where its rows lie. */
export function changeEvents(
  table: string,
  cluster: LakeCluster,
  change: (table: string) => readonly string[],
): readonly string[] {
  const stored = change(changedAs(table, cluster));
  // The one in front holds no rows: it is made anew after the columns of those that do.
  return cluster === null ? stored : [...stored, inFront(table, cluster, 'CREATE OR REPLACE TABLE')];
}

/** Lets `next` take the place of `table`, whose rows are kept as `before`. */
export function swapEvents(table: string, next: string, before: string, cluster: LakeCluster): string {
  const stored = (name: string) => storedIn(name, cluster);
  return `RENAME TABLE ${stored(table)} TO ${stored(before)}, ${stored(next)} TO ${stored(table)}${onCluster(cluster)}`;
}

/** Statements that drop tables of events, with what stands in front of them. */
export function dropEvents(tables: readonly string[], cluster: LakeCluster): string[] {
  return tables.flatMap((table) => [
    ...(cluster === null ? [] : [`DROP TABLE IF EXISTS ${table}${onCluster(cluster)} SYNC`]),
    `DROP TABLE IF EXISTS ${changedAs(table, cluster)} SYNC`,
  ]);
}

/** Makes the list of migrations that were done, of which a cluster has one for all its nodes. */
export function createVersions(cluster: LakeCluster): string {
  const engine =
    cluster === null
      ? 'MergeTree'
      : `ReplicatedMergeTree('/clickhouse/tables/{database}/lake_migrations', '{shard}-{replica}')`;
  return `CREATE TABLE IF NOT EXISTS lake_migrations${onCluster(cluster)} (id String, applied_at DateTime DEFAULT now()) ENGINE = ${engine} ORDER BY id`;
}

/** A chain's rows lie on one shard, where a record that stands twice is one. */
function inFront(table: string, cluster: string, create: string): string {
  return `${create} ${table}${onCluster(cluster)} AS ${storedIn(table, cluster)} ENGINE = Distributed(${quoted(cluster)}, currentDatabase(), ${storedIn(table, cluster)}, sipHash64(chain_id))`;
}

/** Makes the database of a further workspace, unless it is there. */
export async function createLakeDatabase(lake: ClickHouseClient, name: string, cluster: LakeCluster): Promise<void> {
  await lake.command({ query: `CREATE DATABASE IF NOT EXISTS ${quoted(name)}${onCluster(cluster)}` });
}

function quoted(name: string): string {
  return `\`${name.replaceAll(/[`\\]/g, '\\$&')}\``;
}
