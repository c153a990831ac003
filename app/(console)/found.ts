import 'server-only';
import { notFound } from 'next/navigation';
import * as z from 'zod';
import { AppError } from '@/lib/core/errors';

/** The value, or the not-found page when there is no such thing. */
export async function found<T>(value: Promise<T>): Promise<T> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') notFound();
    throw error;
  }
}

/** A page of a list, and the first one when the address names a place in it that is none. */
export async function pageOf<T>(
  read: (cursor: string | undefined) => Promise<T>,
  cursor: string | undefined,
): Promise<T> {
  try {
    return await read(cursor);
  } catch (error) {
    if (cursor !== undefined && error instanceof AppError && error.code === 'BAD_REQUEST') return read(undefined);
    throw error;
  }
}

/** An id from an address; anything else has no page. */
export function idOf(value: string): string {
  const parsed = z.uuid().safeParse(value);
  return parsed.success ? parsed.data : notFound();
}
