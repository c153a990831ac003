import 'server-only';
import type { Context } from '../../context';
import { select } from './events';

/** A partition of `events` and what tells its state from every other. */
export type PartitionState = { partition: string; state: string };

/** Raised when figures are counted otherwise. */
const FIGURES_VERSION = 3;

/**
 * The digests of a partition's parts, in the order in which they were written, are its state: a part is never changed, and what is written, deleted
 * or merged makes others. The same bytes in the same order are the same state, whatever their parts are called.
 */
const STATES = `SELECT partition_id, concat('${FIGURES_VERSION} ', hex(sipHash128(arrayStringConcat(
      arrayMap(part -> part.2, arraySort(groupArray((min_block_number, hash_of_all_files)))), ' ')))) AS state
    FROM system.parts WHERE active AND database = currentDatabase() AND table = 'events' AND engine = 'ReplacingMergeTree' GROUP BY partition_id`;

/** Every partition of `events` as it stands; none where its rows lie on several servers, each of which has parts of its own. */
export async function partitionStates(ctx: Pick<Context, 'lake'>): Promise<PartitionState[]> {
  return select(ctx, `SELECT partition_id AS partition, state FROM (${STATES}) ORDER BY partition`);
}

/** Those of which there are figures as they stand, with the id of these. */
export async function figuredPartitions(
  ctx: Pick<Context, 'lake' | 'env'>,
): Promise<(PartitionState & { id: string })[]> {
  if (ctx.env.lakeCluster !== null) return [];
  return select(
    ctx,
    `SELECT partition_id AS partition, state, toString(min(f.id)) AS id FROM (${STATES}) AS p
      INNER JOIN figured_partitions AS f ON f.partition_id = p.partition_id AND f.state = p.state GROUP BY partition, state ORDER BY partition`,
  );
}
