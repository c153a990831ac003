import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { formatById } from '../core/formats';
import { requireChain } from '../db/chains';
import { problemsOf } from '../db/problems';
import { readObject } from '../evidence/store';
import type { RecordDetail } from '../schemas/chains';
import { RECORD_COLUMNS, type RecordRow, toRecord } from './record-rows';

const MAX_RAW_BYTES = 1024 * 1024;

/** One record with its bytes as stored, and its hash computed afresh from them. @throws AppError NOT_FOUND. */
export async function getRecord(ctx: Context, { chainId, ordinal }: { chainId: string; ordinal: number }): Promise<RecordDetail> {
  const chain = await requireChain(ctx.db, chainId);
  const result = await ctx.lake.query({
    query: `SELECT ${RECORD_COLUMNS}, segment_digest, segment_index FROM events WHERE chain_id = {chainId: UUID} AND ordinal = {ordinal: UInt64} LIMIT 1`,
    query_params: { chainId, ordinal },
    format: 'JSONEachRow',
  });
  const [row] = await result.json<RecordRow & { segment_digest: string; segment_index: number }>();
  const segment = row && (await ctx.db.selectFrom('chain_segments').select('byte_offset').where('chain_id', '=', chainId).where('index', '=', row.segment_index).executeTakeFirst());
  if (!row || !segment) throw new AppError('NOT_FOUND', 'the chain has no such record, or it is not loaded yet', { chainId, record: ordinal });
  const from = row.byte_offset - segment.byte_offset;
  const bytes = await readObject(ctx.evidence, row.segment_digest, { from, to: from + row.byte_length });
  const checked = formatById(chain.format).check(bytes, ctx.hasher);
  const problems = await problemsOf(ctx.db, chainId, { record: ordinal, limit: 100 });
  return {
    ...toRecord(row),
    segmentDigest: row.segment_digest,
    raw: bytes.subarray(0, MAX_RAW_BYTES).toString('utf8'),
    prevHash: checked.kind === 'record' ? checked.prev : null,
    computedHash: checked.kind === 'record' ? checked.computed : null,
    problems: problems.map(({ n: _, ...problem }) => problem),
  };
}
