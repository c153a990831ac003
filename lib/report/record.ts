import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { formatById } from '../core/formats';
import { requireChain } from '../db/chains';
import { problemsOf } from '../db/problems';
import type { RecordDetail } from '../schemas/chains';
import { readChainBytes } from './chain-bytes';
import { RECORD_COLUMNS, type RecordRow, toRecord } from './record-rows';

const MAX_RAW_BYTES = 1024 * 1024;

/** One record with its bytes as stored, and its hash computed afresh from them. @throws AppError NOT_FOUND. */
export async function getRecord(ctx: Context, { chainId, ordinal }: { chainId: string; ordinal: number }): Promise<RecordDetail> {
  const chain = await requireChain(ctx.db, chainId);
  const result = await ctx.lake.query({
    query: `SELECT ${RECORD_COLUMNS} FROM events WHERE chain_id = {chainId: UUID} AND ordinal = {ordinal: UInt64} LIMIT 1`,
    query_params: { chainId, ordinal },
    format: 'JSONEachRow',
  });
  const [row] = await result.json<RecordRow>();
  const held = row && (await readChainBytes(ctx, chainId, row.byte_offset, row.byte_offset + row.byte_length));
  if (!row || !held) throw new AppError('NOT_FOUND', 'the chain has no such record, or it is not loaded yet', { chainId, record: ordinal });
  const { bytes, segmentDigest } = held;
  const checked = formatById(chain.format).check(bytes, ctx.hasher);
  const [problems, attested] = await Promise.all([problemsOf(ctx.db, chainId, { records: { first: ordinal, last: ordinal }, limit: 100 }), attestedIn(ctx, chainId, ordinal)]);
  return {
    ...toRecord(row),
    segmentDigest,
    raw: bytes.subarray(0, MAX_RAW_BYTES).toString('utf8'),
    prevHash: checked.kind === 'record' ? checked.prev : null,
    computedHash: checked.kind === 'record' ? checked.computed : null,
    problems: problems.map(({ n: _, ...problem }) => problem),
    attested,
  };
}

/** The newest attestation that stands and whose tree holds the record. */
async function attestedIn(ctx: Context, chainId: string, ordinal: number): Promise<RecordDetail['attested']> {
  const row = await ctx.db
    .selectFrom('attestations')
    .select(['id', 'signed_at', 'tree_size'])
    .where('chain_id', '=', chainId)
    .where('tree_size', '>', ordinal)
    .where('withdrawn_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? { id: row.id, at: row.signed_at.toISOString(), treeSize: row.tree_size ?? 0 } : null;
}
