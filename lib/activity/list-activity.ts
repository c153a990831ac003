import 'server-only';
import { type RawBuilder, sql } from 'kysely';
import * as z from 'zod';
import type { Context } from '../context';
import { decodeCursor, encodeCursor } from '../db/cursor';
import type { ActivityLine, ActivityNarrowed } from '../schemas/activity';
import type { Page } from '../schemas/common';

const Place = z.tuple([z.int().positive()]);

/** What was done, the newest first. @throws AppError BAD_REQUEST for a cursor that is none. */
export async function listActivity(
  ctx: Context,
  { cursor, limit, ...narrowed }: ActivityNarrowed & { cursor?: string | undefined; limit: number },
): Promise<Page<ActivityLine>> {
  const [before] = cursor === undefined ? [null] : decodeCursor(Place, cursor);
  const matching = conditionOf(narrowed);
  const [rows, total, carry] = await Promise.all([
    lines(ctx)
      .where(matching)
      .$if(before !== null, (query) => query.where('l.seq', '<', before))
      .selectAll('a')
      .select(['l.seq', 'l.hash'])
      .orderBy('l.seq', 'desc')
      .limit(limit + 1)
      .execute(),
    lines(ctx)
      .where(matching)
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow(),
    ctx.db.selectFrom('activity_carry').select('carried_seq').executeTakeFirstOrThrow(),
  ]);
  const items = rows.slice(0, limit).map(
    ({ seq, hash, ...row }): ActivityLine => ({
      seq: seq ?? 0,
      at: row.occurred_at.toISOString(),
      action: row.action,
      actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name, role: row.actor_role },
      subject: { type: row.subject_type, id: row.subject_id },
      details: row.details,
      hash: hash ?? '',
      record: seq !== null && seq <= carry.carried_seq ? seq - 1 : null,
    }),
  );
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last ? encodeCursor([last.seq]) : null,
    total: Number(total.total),
  };
}

/** Actions with their lines; the line that says where the chain begins is of none. */
function lines({ db }: Context) {
  return db
    .selectFrom('activity_lines as l')
    .innerJoin('audit_log as a', 'a.id', 'l.audit_id')
    .where('l.seq', 'is not', null);
}

function conditionOf({ actor, action, subject, from, to }: ActivityNarrowed): RawBuilder<boolean> {
  return sql<boolean>`${sql.join(
    [
      sql`true`,
      ...(actor ? [sql`(a.actor_id = ${actor} OR position(lower(${actor}) IN lower(a.actor_name)) > 0)`] : []),
      ...(action ? [sql`starts_with(a.action, ${action})`] : []),
      ...(subject ? [sql`(a.subject_id = ${subject} OR a.subject_type = ${subject})`] : []),
      ...(from ? [sql`a.occurred_at >= ${from}::timestamptz`] : []),
      ...(to ? [sql`a.occurred_at < ${to}::timestamptz`] : []),
    ],
    sql` AND `,
  )}`;
}
