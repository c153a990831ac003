import 'server-only';
import { ClickHouseError } from '@clickhouse/client';
import { WORKER } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { lockUntilCommit } from '../../db/lock';
import { requireAnswer } from '../../lake/query/try-rule';
import { endBackfills } from '../backfill/request-backfill';
import { type CatalogRule, catalog } from '../catalog';

const MOST_REASON = 500;
/** Codes of ClickHouse that are not about what was asked: too many ask, a connection broke, the engine ends or was told to. */
const NOT_OF_THE_RULE = new Set(['202', '209', '210', '236', '279', '394']);

/**
 * Takes a rule of one's own out that the event lake failed at, so that it keeps no other from running; whoever enables it again has it look at
 * everything recorded meanwhile. False for a failure that is not the lake's, for a rule that ships and for a text that is not in force.
 */
export async function setAside(ctx: Context, { id, digest }: CatalogRule, failure: unknown): Promise<boolean> {
  if (!(failure instanceof ClickHouseError) || NOT_OF_THE_RULE.has(failure.code)) return false;
  const reason = (failure.message.split('\n')[0] ?? '').slice(0, MOST_REASON);
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'rules', '');
    const own = await tx
      .selectFrom('own_rules as r')
      .innerJoin('rule_versions as v', (join) =>
        join.onRef('v.rule_id', '=', 'r.id').onRef('v.version', '=', 'r.version'),
      )
      .where('r.id', '=', id)
      .select('v.digest')
      .executeTakeFirst();
    if (own?.digest !== digest) return false;
    const setting = {
      is_enabled: false,
      changed_by_id: WORKER.id,
      changed_by: WORKER.name,
      changed_at: ctx.now(),
      reason,
    };
    await tx
      .insertInto('rule_settings')
      .values({ rule_id: id, ...setting })
      .onConflict((conflict) => conflict.column('rule_id').doUpdateSet(setting))
      .execute();
    await endBackfills(tx, { id, now: ctx.now() });
    await audit.append(tx, WORKER, { action: 'rule.disable', subjectId: id, details: { code: failure.code } });
    return true;
  });
}

/** Does what runs several rules at once; where the lake refuses it, the rules of one's own that it does not take are taken out, and it is done again. */
export async function withoutRefused<T>(ctx: Context, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ClickHouseError)) throw error;
    let isAny = false;
    for (const rule of await catalog(ctx)) {
      const refusal = await requireAnswer(ctx, rule, 'rule').then(
        () => null,
        (failure: unknown) => failure,
      );
      if (refusal instanceof AppError) isAny = (await setAside(ctx, rule, refusal.cause)) || isAny;
    }
    if (!isAny) throw error;
    return run();
  }
}
