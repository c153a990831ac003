import 'server-only';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { listOrder } from '../db/list-order';
import type { ChainRetention, RetentionPage, RetentionQuery } from '../schemas/retention';
import { retentionPolicy } from './policy';
import { type RetentionRow, retentionRow, retentionRows, toRetention } from './retention-rows';

/** Chains with what stands between them and their deletion, the newest first, as they are or as a policy that is tried would have them. */
export async function listRetention(
  ctx: Context,
  { state, keepDays, cursor, limit }: z.output<typeof RetentionQuery>,
): Promise<RetentionPage> {
  const order = listOrder('-created', { created: null }, sql<string>`r.id`);
  const all = retentionRows(ctx.now(), { tried: keepDays === undefined ? null : { keepDays } });
  const [policy, { rows: states }, { rows }] = await Promise.all([
    retentionPolicy(ctx, { chainId: null }),
    sql<RetentionPage['states'][number]>`
      SELECT state, count(*)::bigint AS chains, sum(records)::bigint AS records, sum(size_bytes)::bigint AS bytes
      FROM (${all}) AS r GROUP BY state ORDER BY state`.execute(ctx.db),
    sql<RetentionRow>`
      SELECT * FROM (${all}) AS r WHERE ${order.after(cursor)}
      ${state ? sql`AND state = ANY(${sql.val(state)}::text[])` : sql``} ORDER BY ${order.orderBy} LIMIT ${limit + 1}`.execute(
      ctx.db,
    ),
  ]);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    policy,
    states,
    items: rows.slice(0, limit).map(toRetention),
    nextCursor: last ? order.cursorOf({ id: last.id, place: 0 }) : null,
    total: states.reduce((sum, one) => (state && !state.includes(one.state) ? sum : sum + one.chains), 0),
  };
}

/** @throws AppError NOT_FOUND. */
export async function chainRetention(ctx: Context, { chainId }: { chainId: string }): Promise<ChainRetention> {
  const row = await retentionRow(ctx.db, chainId, ctx.now());
  if (!row) throw new AppError('NOT_FOUND', 'no chain has this id', { chainId });
  return toRetention(row);
}
