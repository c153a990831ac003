import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { lockUntilCommit } from '../../db/lock';
import { type Ask, writeRequestIn } from './ask';

/** Requests by people and programs that may be at work or wait at once. */
const MAX_WAITING = 100;

/** Writes down what somebody asked for: its id, or that of an equal request that waits, or that has the same key. @throws AppError BUSY when too many wait. */
export async function enqueueRequest(ctx: Context, ask: Omit<Ask, 'cause' | 'generation'>): Promise<string> {
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'attestation', 'asked');
    const same = await tx
      .selectFrom('attestation_requests')
      .select('id')
      .where((eb) =>
        eb.or([
          ...(ask.dedupeKey ? [eb('dedupe_key', '=', ask.dedupeKey)] : []),
          eb.and([
            eb('state', '=', 'waiting'),
            eb('cause', '=', 'demand'),
            eb('dedupe_key', 'is', null),
            eb('chain_id', 'is not distinct from', ask.chainId),
            eb('supersedes', 'is not distinct from', ask.supersedes ?? null),
            sql<boolean>`scope = ${JSON.stringify(ask.scope)}::jsonb`,
          ]),
        ]),
      )
      .limit(1)
      .executeTakeFirst();
    if (same) return same.id;
    const { waiting } = await tx
      .selectFrom('attestation_requests')
      .select(({ fn }) => fn.countAll<number>().as('waiting'))
      .where('state', '=', 'waiting')
      .where('cause', '=', 'demand')
      .executeTakeFirstOrThrow();
    if (Number(waiting) >= MAX_WAITING)
      throw new AppError('BUSY', `${MAX_WAITING} requests wait to be attested; ask again when some are`, {
        limit: MAX_WAITING,
      });
    const id = await writeRequestIn(ctx, tx, { ...ask, generation: null, cause: 'demand' });
    if (!id) throw new AppError('CONFLICT', 'the same was asked for already');
    return id;
  });
}
