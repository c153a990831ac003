import 'server-only';
import { type Selectable, sql } from 'kysely';
import type { Context } from '../context';
import type { FormatId } from '../core/chain/format';
import { recordTest } from '../core/merkle/record-test';
import { createSegmentTree } from '../core/merkle/segment-tree';
import { formatTileEntries } from '../core/merkle/tile-entries';
import type { SegmentTreesTable } from '../db/tree-tables';
import type { Reporter } from './drift';
import { isGone } from './gone';

const PAGE = 20;

/** What segments contribute to the trees of chains, made again from their bytes: signed heads and proofs rest on it. */
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
      if (found)
        report.drift({
          kind: 'tree-differs',
          chain: null,
          what: `part of a tree in segment ${row.digest}`,
          expected: 'that of its bytes',
          found: found.found,
          at: { table: 'segment_trees', row: `${row.digest} ${row.format} ${row.phase}`, column: found.column },
        });
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    [digest, format, phase] = [last.digest, last.format, last.phase];
  }
}

/** What is another one on record; null when nothing is, or when the segment is missing, which is told with the objects. */
async function differenceOf(
  ctx: Context,
  row: Selectable<SegmentTreesTable>,
): Promise<{ column: string; found: string } | null> {
  const formats = await formatsOf(ctx, row.digest);
  if (formats.length === 0) return { column: 'digest', found: 'no segment' };
  if (!formats.includes(row.format))
    return { column: 'format', found: `${row.format}, which no chain that holds it has` };
  const builder = createSegmentTree(ctx.hasher, {
    phase: row.phase,
    recordsIn: row.damaged ? recordTest(row.format, ctx.hasher) : null,
  });
  let sizeBytes = 0;
  try {
    for await (const chunk of await ctx.evidence.read(row.digest)) {
      builder.push(chunk);
      sizeBytes += (chunk as Buffer).length;
    }
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
  const tree = builder.end();
  if (row.damaged && (await isWholeLines(ctx, row)))
    return { column: 'damaged', found: 'damage where every line is a record' };
  if (tree.records !== row.records) return { column: 'records', found: `${row.records} records, not ${tree.records}` };
  const offset = tree.offsets.at(-1) ?? sizeBytes;
  if (row.tail_offset !== offset)
    return { column: 'tail_offset', found: `a tail from byte ${row.tail_offset} on, not ${offset}` };
  for (const [column, hashes] of [
    ['head', tree.head],
    ['tail', tree.tail],
    ['tiles', formatTileEntries(tree)],
  ] as const)
    if (!row[column].equals(hashes)) return { column, found: 'other hashes' };
  return null;
}

/** Formats of the chains a segment was ever part of. */
async function formatsOf(ctx: Context, digest: string): Promise<FormatId[]> {
  const rows = await ctx.db
    .selectFrom('upload_segments as s')
    .innerJoin('uploads as u', 'u.id', 's.upload_id')
    .innerJoin('chains as c', 'c.id', 'u.chain_id')
    .where('s.digest', '=', digest)
    .select('c.format')
    .distinct()
    .execute();
  return rows.map(({ format }) => format);
}

/** Whether every line of the segment that is not blank is a record of it. */
async function isWholeLines(ctx: Context, { digest, phase, records }: Selectable<SegmentTreesTable>): Promise<boolean> {
  const builder = createSegmentTree(ctx.hasher, { phase, recordsIn: null });
  for await (const chunk of await ctx.evidence.read(digest)) builder.push(chunk);
  return builder.end().records === records;
}
