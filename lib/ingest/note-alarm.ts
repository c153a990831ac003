import 'server-only';
import type { Actor } from '../access/actor';
import { requireChainAllowed } from '../access/chain-limit';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { NewTailAlarm } from '../schemas/tail-alarms';

/** Keeps what a forwarder saw happen to the log of a chain; told again it changes nothing. @throws AppError NOT_FOUND, FORBIDDEN. */
export async function recordAlarm(
  ctx: Context,
  { chain, alarm, actor }: { chain: string; alarm: NewTailAlarm; actor: Actor },
): Promise<void> {
  requireChainAllowed(actor, chain);
  const now = ctx.now();
  await ctx.db.transaction().execute(async (tx) => {
    const known = await tx.selectFrom('chains').select('id').where('name', '=', chain).executeTakeFirst();
    if (!known) throw new AppError('NOT_FOUND', 'no chain has this name', { chain });
    const { id, kind, at, detail, raisedAt } = alarm;
    const kept = await tx
      .insertInto('tail_alarms')
      .values({
        id,
        chain_id: known.id,
        kind,
        at_byte: at,
        detail,
        raised_at: new Date(raisedAt),
        received_at: now,
        received_by: actor.name,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!kept) return;
    await tx.updateTable('chains').set({ updated_at: now }).where('id', '=', known.id).execute();
    await audit.append(tx, actor, {
      action: 'alarm.raise',
      subjectId: known.id,
      details: { alarmId: id, kind, atByte: at },
    });
    ctx.log.warn({ chain, kind, at }, 'a forwarder raised an alarm');
  });
}
