import { AppError } from '../core/errors';

/** Whether something could not be done because the bytes of an object are gone or altered, which another try does not change. */
export function isDamage(error: unknown): error is AppError {
  return error instanceof AppError && (error.code === 'EVIDENCE_MISSING' || error.code === 'EVIDENCE_ALTERED');
}

/** What was read, or null when its bytes are gone or altered. */
export async function unlessDamaged<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (isDamage(error)) return null;
    throw error;
  }
}
