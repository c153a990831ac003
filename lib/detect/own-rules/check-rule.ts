import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { RuleCheck } from '../../schemas/rules';
import { placeOf } from '../installed-rules';
import { readRule } from './read-rule';
import { shapeOf } from '../rule-shape';

/** What a text would be as a rule, or what keeps it from being one. Keeps nothing. */
export async function checkRule(
  ctx: Context,
  { yaml, signal }: { yaml: string; signal?: AbortSignal },
): Promise<RuleCheck> {
  try {
    return { rule: shapeOf(await readRule(ctx, yaml, 'rule', signal)), problems: [] };
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'BAD_REQUEST')) throw error;
    return { rule: null, problems: [placeOf(error)] };
  }
}
