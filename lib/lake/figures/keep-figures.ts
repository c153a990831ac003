import 'server-only';
import { randomUUID } from 'node:crypto';
import type { Context } from '../../context';
import { lockUntilCommit } from '../../db/lock';
import { perContext } from '../../per-context';
import {
  DAYS_OF_PARTITION,
  DENIALS_COLUMNS,
  DENIALS_OF_PARTITION,
  IN_ALL_COLUMNS,
  REFUSED_COLUMNS,
  REFUSED_OF_PARTITION,
  SETS_COLUMNS,
  SETS_OF_PARTITION,
  figureParameters,
} from '../query/figures';
import { type PartitionState, figuredPartitions, partitionStates } from '../query/partitions';
import { lakeInstant } from '../time';

/** So long figures of a state that has passed stay: who has just found them may be reading them. */
const KEPT_MS = 3600_000;

/** The states that the last call found. */
const statesSeen = perContext('figures-states-seen', (): { states: ReadonlyMap<string, string> } => ({
  states: new Map(),
}));

/**
 * Counts the figures of partitions of events that have none and have not changed since the last call; each call is some time after the one before.
 * Takes away those of states that passed an hour ago. None are kept of a cluster. Can stop and go on anywhere.
 */
export async function keepFigures(ctx: Context, signal?: AbortSignal): Promise<void> {
  if (ctx.env.lakeCluster !== null) return;
  const states = await partitionStates(ctx);
  const seen = statesSeen(ctx);
  const before = seen.states;
  seen.states = new Map(states.map(({ partition, state }) => [partition, state]));
  const due = states.filter(({ partition, state }) => before.get(partition) === state);
  const known = await figuredSet(ctx);
  if (due.some(({ partition }) => !known.has(partition)))
    await ctx.db.transaction().execute(async (tx) => {
      await lockUntilCommit(tx, 'lake-figures', '');
      const done = await figuredSet(ctx); // another process may have counted meanwhile
      for (const one of due) {
        signal?.throwIfAborted();
        if (!done.has(one.partition)) await countPartition(ctx, one);
      }
    });
  await forgetPassed(ctx, states);
}

/** Takes all of them away: they are counted again. */
export async function forgetFigures({ lake, env }: Pick<Context, 'lake' | 'env'>): Promise<void> {
  if (env.lakeCluster !== null) return;
  for (const table of ['figured_partitions', 'figures']) await lake.command({ query: `TRUNCATE TABLE ${table}` });
}

async function figuredSet(ctx: Context): Promise<ReadonlySet<string>> {
  return new Set((await figuredPartitions(ctx)).map(({ partition }) => partition));
}

/** They count once the partition is as it was before they were counted; till then nobody reads them. */
async function countPartition(ctx: Context, { partition, state }: PartitionState): Promise<void> {
  const id = randomUUID();
  const madeAt = lakeInstant(ctx.now().toISOString());
  const parameters = { id, madeAt, ...figureParameters(partition) };
  const insert = (columns: readonly string[], counted: string) =>
    ctx.lake.command({
      query: `INSERT INTO figures (id, made_at, set, day, ${columns.join(', ')})
        SELECT {id: UUID}, {madeAt: DateTime64(3, 'UTC')}, set, day, ${columns.join(', ')} FROM (${counted})`,
      query_params: parameters,
    });
  await insert(SETS_COLUMNS, SETS_OF_PARTITION);
  await insert(DENIALS_COLUMNS, DENIALS_OF_PARTITION);
  await insert(REFUSED_COLUMNS, REFUSED_OF_PARTITION);
  await insert(IN_ALL_COLUMNS, DAYS_OF_PARTITION);
  const now = (await partitionStates(ctx)).find((one) => one.partition === partition);
  if (now?.state !== state) return;
  await ctx.lake.command({
    query: `INSERT INTO figured_partitions (partition_id, state, id, made_at) SELECT {partition: String}, {state: String}, {id: UUID}, {madeAt: DateTime64(3, 'UTC')}`,
    query_params: { ...parameters, state },
  });
}

async function forgetPassed(ctx: Context, states: readonly PartitionState[]): Promise<void> {
  const parameters = {
    before: lakeInstant(new Date(ctx.now().getTime() - KEPT_MS).toISOString()),
    states: states.map(({ partition, state }) => `${partition} ${state}`),
  };
  const old = `made_at < {before: DateTime64(3, 'UTC')}`;
  await deleteFrom(
    ctx,
    'figured_partitions',
    `${old} AND concat(partition_id, ' ', state) NOT IN {states: Array(String)}`,
    parameters,
  );
  await deleteFrom(ctx, 'figures', `${old} AND id NOT IN (SELECT id FROM figured_partitions)`, parameters);
}

async function deleteFrom(
  { lake }: Context,
  table: string,
  where: string,
  parameters: Record<string, unknown>,
): Promise<void> {
  const found = await lake.query({
    query: `SELECT 1 FROM ${table} WHERE ${where} LIMIT 1`,
    query_params: parameters,
    format: 'JSONEachRow',
  });
  if ((await found.json()).length === 0) return;
  await lake.command({
    query: `DELETE FROM ${table} WHERE ${where} SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2`,
    query_params: parameters,
  });
}
