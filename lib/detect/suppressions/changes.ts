import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { type DiffLine, changedLines } from '../../core/text/line-diff';
import type { Suppression } from '../../schemas/suppressions';
import { getSuppression } from './suppressions';

/** A version of a suppression beside the one it replaced, with the lines of their filters that differ. @throws AppError NOT_FOUND, also of a first version. */
export async function suppressionChanges(
  ctx: Context,
  { suppressionId }: { suppressionId: string },
): Promise<{ before: Suppression; after: Suppression; lines: DiffLine[] }> {
  const after = await getSuppression(ctx, { suppressionId });
  if (after.replacesId === null) throw new AppError('NOT_FOUND', 'it replaced no other version', { suppressionId });
  const before = await getSuppression(ctx, { suppressionId: after.replacesId });
  return { before, after, lines: changedLines(before.yaml, after.yaml) };
}
