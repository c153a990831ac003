import 'server-only';
import type { z } from 'zod';
import type { Context } from '../context';
import { requireChain } from '../db/chains';
import type { ChainRecord, RecordsQuery } from '../schemas/chains';
import type { Page } from '../schemas/common';
import { decodeCursor, encodeCursor } from '../db/cursor';
import { OrdinalPlace } from '../db/places';
import { RECORD_COLUMNS, type RecordRow, toRecord } from './record-rows';

type Input = Partial<z.output<typeof RecordsQuery>> & { chainId: string; limit: number };

/** Records of a chain in order from `from` on. @throws AppError NOT_FOUND. */
export async function listRecords(ctx: Context, { chainId, from = 0, limit, decision, q, broken, cursor }: Input): Promise<Page<ChainRecord>> {
  const chain = await requireChain(ctx.db, chainId);
  const filters = [
    ...(decision ? ['decision IN {decision: Array(String)}'] : []),
    ...(broken ? [`integrity != 'ok'`] : []),
    ...(q ? [`positionCaseInsensitiveUTF8(concat(tool, '\\n', target, '\\n', agent, '\\n', session_id, '\\n', reason, '\\n', kind, '\\n', hash), {q: String}) > 0`] : []),
  ];
  const where = ['chain_id = {chainId: UUID}', ...filters].join(' AND ');
  const params = { chainId, decision: decision ?? [], q: q ?? '', from: cursor ? decodeCursor(OrdinalPlace, cursor)[0] : from, limit: limit + 1 };
  const result = await ctx.lake.query({
    query: `SELECT ${RECORD_COLUMNS} FROM events WHERE ${where} AND ordinal >= {from: UInt64} ORDER BY ordinal LIMIT 1 BY ordinal LIMIT {limit: UInt32}`,
    query_params: params,
    format: 'JSONEachRow',
  });
  const rows = await result.json<RecordRow>();
  const next = rows[limit];
  return {
    items: rows.slice(0, limit).map(toRecord),
    nextCursor: next ? encodeCursor([next.ordinal]) : null,
    total: filters.length === 0 ? chain.records : await countRecords(ctx, where, params),
  };
}

async function countRecords(ctx: Context, where: string, query_params: Record<string, unknown>): Promise<number> {
  const result = await ctx.lake.query({ query: `SELECT uniqExact(ordinal) AS total FROM events WHERE ${where}`, query_params, format: 'JSONEachRow' });
  return (await result.json<{ total: number }>())[0]?.total ?? 0;
}
