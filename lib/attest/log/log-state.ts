import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../../context';
import type { LogState } from '../../schemas/transparency';
import { verifierKey } from './identity';

/** The log and the witnesses that are configured, those never asked yet too. */
export async function logState(ctx: Context): Promise<LogState> {
  const [key, { entries }, head, rows] = await Promise.all([
    verifierKey(ctx),
    ctx.db
      .selectFrom('log_entries')
      .select(sql<number>`coalesce(max(index) + 1, 0)`.as('entries'))
      .executeTakeFirstOrThrow(),
    ctx.db
      .selectFrom('log_checkpoints')
      .select(['size', 'signed_at'])
      .orderBy('size', 'desc')
      .limit(1)
      .executeTakeFirst(),
    ctx.db.selectFrom('log_witnesses').selectAll().execute(),
  ]);
  return {
    verifierKey: key,
    entries,
    published: head?.size ?? 0,
    publishedAt: head?.signed_at.toISOString() ?? null,
    witnesses: ctx.env.witnesses.map(({ key: { name }, verifierKey: id, url }) => {
      const row = rows.find((one) => one.verifier_key === id);
      return {
        name,
        url,
        size: row?.size ?? 0,
        cosignedAt: row?.cosigned_at?.toISOString() ?? null,
        failure: row?.failure ?? null,
        nextTryAt: row?.next_try_at?.toISOString() ?? null,
      };
    }),
  };
}
