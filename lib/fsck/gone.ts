import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { isDamage } from '../evidence/damage';

/** Whether bytes could not be read because they are gone, altered or deleted, or because what should name them names nothing. */
export function isGone(error: unknown): error is AppError {
  return (
    isDamage(error) ||
    (error instanceof AppError && (error.code === 'BAD_REQUEST' || error.code === 'EVIDENCE_DELETED'))
  );
}

/** What was read, or null when its bytes are gone: that is told with the objects. */
export async function unlessGone<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

export function sizeOf({ evidence }: Pick<Context, 'evidence'>, digest: string): Promise<number | null> {
  return unlessGone(Promise.resolve().then(() => evidence.stat(digest)));
}
