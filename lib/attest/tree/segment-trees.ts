import 'server-only';
import type { Selectable } from 'kysely';
import type { Context } from '../../context';
import type { FormatId } from '../../core/chain/format';
import type { ProblemCounts } from '../../core/chain/problem';
import { AppError } from '../../core/errors';
import { type SegmentTree, createSegmentTree } from '../../core/merkle/segment-tree';
import { formatTileEntries } from '../../core/merkle/tile-entries';
import { TILE_WIDTH } from '../../core/merkle/tiles';
import type { SegmentTreesTable } from '../../db/tree-tables';
import { isPlain } from '../../core/chain/check';
import { TREE_THREADS, treeOnThreads } from './on-threads';
import { recordTest } from '../../core/merkle/record-test';

/** From this size on, a segment is worth a thread. */
const THREAD_BYTES = 2 * 1024 * 1024;
const QUERY_SEGMENTS = 500;

export type Segment = { digest: string; size_bytes: number; records: number; first_record: number };
export type SegmentTreeRow = Selectable<SegmentTreesTable>;

/** Number of records before a segment, as far as its tree depends on it. */
export function phaseOf({ first_record: first }: Pick<Segment, 'first_record'>): number {
  return first % TILE_WIDTH;
}

/** Makes the trees of segments that are not on record yet, several at once, and answers which it read whole, and so proved. @throws AppError CONFLICT while a segment is not checked, EVIDENCE_MISSING. */
export async function ensureSegmentTrees(
  ctx: Context,
  format: FormatId,
  segments: readonly Segment[],
): Promise<string[]> {
  const missing: Segment[] = [];
  for (let at = 0; at < segments.length; at += QUERY_SEGMENTS) {
    const some = segments.slice(at, at + QUERY_SEGMENTS);
    const rows = await ctx.db
      .selectFrom('segment_trees')
      .select(['digest', 'phase'])
      .where('format', '=', format)
      .where(
        'digest',
        'in',
        some.map(({ digest }) => digest),
      )
      .execute();
    const known = new Set(rows.map(({ digest, phase }) => `${digest} ${phase}`));
    for (const segment of some) if (!known.has(`${segment.digest} ${phaseOf(segment)}`)) missing.push(segment);
  }
  const next = missing.values();
  const takers = Array.from({ length: Math.min(TREE_THREADS, missing.length) }, async () => {
    for (const segment of next) await makeTree(ctx, format, segment);
  });
  await Promise.all(takers);
  return missing.map(({ digest }) => digest);
}

/** The trees of the segments, in their order, those on record. */
export async function segmentTrees(
  ctx: Context,
  format: FormatId,
  segments: readonly Segment[],
): Promise<SegmentTreeRow[]> {
  const rows = await ctx.db
    .selectFrom('segment_trees')
    .selectAll()
    .where('format', '=', format)
    .where('digest', 'in', [...new Set(segments.map(({ digest }) => digest))])
    .execute();
  const byKey = new Map(rows.map((row) => [`${row.digest} ${row.phase}`, row]));
  return segments.map((segment) => {
    const row = byKey.get(`${segment.digest} ${phaseOf(segment)}`);
    if (!row)
      throw new AppError('CONFLICT', 'the chain changed while its tree was made; try again', {
        segment: segment.digest,
      });
    return row;
  });
}

async function makeTree(ctx: Context, format: FormatId, segment: Segment): Promise<void> {
  const check = await ctx.db
    .selectFrom('segment_checks')
    .select(({ ref }) => [
      ref('result', '->').key('records').$castTo<number>().as('records'),
      ref('result', '->').key('problemCounts').$castTo<ProblemCounts>().as('problem_counts'),
    ])
    .where('digest', '=', segment.digest)
    .where('format', '=', format)
    .executeTakeFirst();
  if (check?.records !== segment.records)
    throw new AppError('CONFLICT', 'the chain is still being verified; its tree is made when its records are known', {
      segment: segment.digest,
    });
  // Where every line that is not blank is a record, none has to be parsed.
  let damaged = !isPlain(check.problem_counts);
  let tree = await build(ctx, format, segment, damaged);
  if (!damaged && tree.records !== segment.records) {
    damaged = true;
    tree = await build(ctx, format, segment, damaged);
  }
  if (tree.records !== segment.records)
    throw new Error(`segment ${segment.digest} has ${tree.records} records, and ${segment.records} by its check`);
  await ctx.db
    .insertInto('segment_trees')
    .values({
      digest: segment.digest,
      format,
      phase: phaseOf(segment),
      records: tree.records,
      damaged,
      head: Buffer.from(tree.head),
      tiles: Buffer.from(formatTileEntries(tree)),
      tail_offset: tree.offsets.at(-1) ?? segment.size_bytes,
      tail: Buffer.from(tree.tail),
    })
    .onConflict((conflict) => conflict.columns(['digest', 'format', 'phase']).doNothing())
    .execute();
}

async function build(ctx: Context, format: FormatId, segment: Segment, damaged: boolean): Promise<SegmentTree> {
  const phase = phaseOf(segment);
  if (segment.size_bytes >= THREAD_BYTES)
    return (
      await ctx.evidence.readHashing(segment.digest, (chunks) => treeOnThreads({ phase, format, damaged }, chunks))
    ).tree;
  const builder = createSegmentTree(ctx.hasher, { phase, recordsIn: damaged ? recordTest(format, ctx.hasher) : null });
  for await (const chunk of await ctx.evidence.read(segment.digest)) builder.push(chunk);
  return builder.end();
}
