import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { parseRuleFile } from '../../core/rules/parse';
import { requireSize } from '../../core/rules/size';
import { requireAnswer } from '../../lake/query/try-rule';
import type { CatalogRule } from '../catalog';

/**
 * Reads the text of a rule that is to run: it is a rule, and the event lake can be asked for it.
 * @throws AppError BAD_REQUEST with file, line and column.
 */
export async function readRule(
  ctx: Pick<Context, 'lake' | 'hasher'>,
  yaml: string,
  fileName: string,
  signal?: AbortSignal,
): Promise<CatalogRule> {
  const rule = parseRuleFile(yaml, fileName);
  if (rule.id !== rule.id.toLowerCase()) refuse(fileName, 'its id is to be in lower case');
  requireSize(rule, fileName);
  await requireAnswer(ctx, rule, fileName, signal);
  return { ...rule, digest: ctx.hasher.sha256(Buffer.from(yaml)), yaml };
}

function refuse(file: string, message: string): never {
  throw new AppError('BAD_REQUEST', `${file}:1:1: ${message}`, { file, line: 1, column: 1, path: 'id' });
}
