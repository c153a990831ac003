import 'server-only';
import { type Selectable, sql } from 'kysely';
import type { Context } from '../context';
import { recordTest } from '../core/merkle/record-test';
import { createSegmentTree } from '../core/merkle/segment-tree';
import { formatTileEntries } from '../core/merkle/tile-entries';
import type { SegmentTreesTable } from '../db/tree-tables';
import { isDamage } from '../evidence/damage';
import type { Reporter } from './drift';

const PAGE = 20;

/** What segments contribute to the trees of chains, made anew from their bytes: signed heads and proofs rest on it. */
export async function examineTrees(ctx: Context, report: Reporter): Promise<void> {
  for (let [digest, format, phase] = ['', '', -1]; ; ) {
    const rows = await ctx.db
      .selectFrom('segment_trees')
      .selectAll()
      .where(sql<boolean>`(digest, format, phase) > (${digest}, ${format}, ${phase}::int)`)
      .orderBy('digest')
      .orderBy('format')
      .orderBy('phase')
      .limit(PAGE)
      .execute();
    for (const row of rows) {
      const found = await differenceOf(ctx, row);
      if (found) report.drift({ kind: 'tree-differs', chain: null, what: `part of a tree in segment ${row.digest}`, expected: 'that of its bytes', found });
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    [digest, format, phase] = [last.digest, last.format, last.phase];
  }
}

/** What is another one on record; null when nothing is, or when the segment is missing, which is told with the objects. */
async function differenceOf(ctx: Context, row: Selectable<SegmentTreesTable>): Promise<string | null> {
  const builder = createSegmentTree(ctx.hasher, { phase: row.phase, recordsIn: row.damaged ? recordTest(row.format, ctx.hasher) : null });
  try {
    for await (const chunk of await ctx.evidence.read(row.digest)) builder.push(chunk as Buffer); // a byte stream without encoding yields Buffers
  } catch (error) {
    if (isDamage(error)) return null;
    throw error;
  }
  const tree = builder.end();
  if (tree.records !== row.records) return `${row.records} records, not ${tree.records}`;
  if (!row.head.equals(tree.head) || !row.tail.equals(tree.tail) || !row.tiles.equals(formatTileEntries(tree))) return 'other hashes';
  return row.tail_offset === tree.offsets.at(-1) ? null : `a tail from byte ${row.tail_offset} on, not ${tree.offsets.at(-1)}`;
}
