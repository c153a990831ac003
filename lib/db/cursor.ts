import type { z } from 'zod';
import { AppError } from '../core/errors';

/** A place in a list as an opaque string. */
export function encodeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @throws AppError BAD_REQUEST when the string is no cursor of this shape. */
export function decodeCursor<T extends z.ZodType>(shape: T, cursor: string): z.output<T> {
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new AppError('BAD_REQUEST', 'the cursor is not one this list gave out');
  }
}
