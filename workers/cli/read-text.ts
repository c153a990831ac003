import { readFile, stat } from 'node:fs/promises';
import { MAX_DOCUMENT_BYTES } from '@/lib/core/bytes/limits';
import { textOf } from '@/lib/core/bytes/text-encoding';
import { CliError } from './cli-error';

/** @throws CliError for a file that is longer than any bundle, key or root, or cannot be read. */
export async function readText(file: string): Promise<string> {
  try {
    if ((await stat(file)).size > MAX_DOCUMENT_BYTES)
      throw new CliError(`${file} is larger than any bundle, key or root`);
    return textOf(await readFile(file));
  } catch (error) {
    throw unreadable(file, error);
  }
}

export function unreadable(file: string, error: unknown): Error {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return new CliError(`${file} cannot be read: ${error.code}`);
  return error instanceof Error ? error : new Error(String(error));
}
