import 'server-only';
import type { Context } from '../../context';
import { parseSuppression } from '../../core/rules/suppression';
import { AppError } from '../../core/errors';
import type { Tx } from '../../db/database';
import { IN_FORCE, noteHiddenOf } from '../../db/suppressed';
import { isAltered } from '../is-altered';
import type { Range } from '../range';
import { examined } from './hiding';

/** Rows written at a time. */
const BATCH = 1_000;

export type Hidden = { findingId: string; suppressionId: string; leftOut: number };

/**
 * Says again of what stands of a rule in a time which suppressions in force hide it: in the transaction that writes what the rule found, so that nothing
 * is told of before.
 */
export async function hideFound(
  ctx: Pick<Context, 'lake' | 'log' | 'hasher'>,
  tx: Tx,
  ruleId: string,
  { from, to }: Range,
): Promise<void> {
  const suppressions = await tx
    .selectFrom('suppressions as s')
    .select(['id', 'yaml', 'digest'])
    .where(IN_FORCE)
    .where(({ eb, val, fn }) => eb(val(ruleId), '=', fn.any('rule_ids')))
    .orderBy('id')
    .execute();
  for (const suppression of suppressions) {
    const { id } = suppression;
    const keeps = keptBy(ctx, suppression);
    const hidden: Hidden[] = [];
    if (keeps)
      for await (const { id: findingId, isHidden, leftOut } of examined(ctx, tx, { ruleIds: [ruleId], keeps }, (eb) =>
        eb.and([eb('window_from', '<', to), eb('window_to', '>', from)]),
      ))
        if (isHidden) hidden.push({ findingId, suppressionId: id, leftOut });
    await tx
      .deleteFrom('suppressed_findings as h')
      .using('findings as f')
      .whereRef('f.id', '=', 'h.finding_id')
      .where('h.suppression_id', '=', id)
      .where('f.rule_id', '=', ruleId)
      .where('f.window_from', '<', to)
      .where('f.window_to', '>', from)
      .execute();
    await insertHidden(tx, hidden);
  }
  if (suppressions.length > 0) await noteHiddenOf(tx, ruleId, { from, to });
}

/** What the filter of a suppression keeps; null of a text that this release does not read or that was altered, which hides nothing. */
function keptBy(
  { log, hasher }: Pick<Context, 'log' | 'hasher'>,
  { id: suppressionId, ...text }: { id: string; yaml: string; digest: string },
) {
  if (isAltered(hasher, text)) {
    log.warn({ suppressionId }, 'a suppression does not have the SHA-256 of its text, and hides nothing that is found');
    return null;
  }
  try {
    return parseSuppression(text.yaml, 'suppression').keeps;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.warn({ err: error, suppressionId }, 'a suppression is not read, and hides nothing that is found');
    return null;
  }
}

export async function insertHidden(tx: Tx, hidden: readonly Hidden[]): Promise<void> {
  for (let at = 0; at < hidden.length; at += BATCH)
    await tx
      .insertInto('suppressed_findings')
      .values(
        hidden.slice(at, at + BATCH).map(({ findingId, suppressionId, leftOut }) => ({
          finding_id: findingId,
          suppression_id: suppressionId,
          left_out: leftOut,
        })),
      )
      .execute();
}
