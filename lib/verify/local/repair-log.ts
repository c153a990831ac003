import 'server-only';
import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { formatOfHead } from '../log/head';
import { countNewlines, endOfLines } from '../../core/bytes/newline';
import { MAX_LINE_BYTES, RECOGNITION_BYTES } from '../../core/bytes/limits';
import type { FormatId, Hasher } from '../../core/chain/format';
import { type Removal, planRepair } from '../../core/chain/repair';
import { AppError } from '../../core/errors';
import { formatById } from '../../core/formats';
import { readRange, unreadable } from './byte-range';

export type LogRepair = {
  format: FormatId;
  sizeBytes: number;
  /** Null when the log ends as it should. */
  removal: Removal | null;
};

/** What a repair of the log would leave out. Reads it once. @throws AppError UNREADABLE_BODY, UNKNOWN_FORMAT. */
export async function planLogRepair(path: string, hasher: Hasher, requested?: FormatId): Promise<LogRepair> {
  const { size: sizeBytes } = await statPlain(path);
  const head = read(path, 0, Math.min(sizeBytes, RECOGNITION_BYTES));
  const format = requested ?? formatOfHead({ bytes: head, complete: sizeBytes <= RECOGNITION_BYTES });
  if (!format) throw new AppError('UNKNOWN_FORMAT', 'is of no known format. Name it with --format');

  let newlines = 0;
  let tailFrom = 0;
  let at = 0;
  readRange({ path, from: 0, to: sizeBytes }, (chunk) => {
    newlines += countNewlines(chunk);
    const end = endOfLines(chunk);
    if (end !== 0) tailFrom = at + end;
    at += chunk.length;
  });
  if (sizeBytes - tailFrom > MAX_LINE_BYTES)
    throw new AppError(
      'TOO_LARGE',
      `ends in ${sizeBytes - tailFrom} bytes without a newline; no record is longer than ${MAX_LINE_BYTES}`,
    );
  const tail = { bytes: read(path, tailFrom, sizeBytes), byteOffset: tailFrom, line: newlines + 1 };
  return { format, sizeBytes, removal: planRepair(formatById(format), hasher, tail) };
}

/**
 * Writes the log without what is removed to `target`, which must not exist, and resolves with the copy's SHA-256 once it is on disk. The log
 * itself is only read. @throws AppError CONFLICT when the target exists or the log is being written to, UNREADABLE_BODY.
 */
export async function copyRepaired(
  path: string,
  target: string,
  { sizeBytes, removal }: LogRepair & { removal: Removal },
): Promise<{ sizeBytes: number; sha256: string }> {
  const copy = await open(target, 'wx').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST'
      ? new AppError('CONFLICT', `is not repaired: ${target} is there already`)
      : new AppError(
          'UNREADABLE_BODY',
          `is not repaired: ${target} cannot be written: ${error.message}`,
          {},
          { cause: error },
        );
  });
  try {
    const digest = createHash('sha256');
    if (removal.byteOffset > 0) {
      for await (const chunk of createReadStream(path, { end: removal.byteOffset - 1, highWaterMark: 1024 * 1024 })) {
        digest.update(chunk);
        await copy.writeFile(chunk);
      }
    }
    await copy.sync();
    const { size } = await statPlain(path);
    if (size !== sizeBytes)
      throw new AppError(
        'CONFLICT',
        'is not repaired: it is being written to, so what looks torn may be a record on its way',
      );
    await copy.close();
    return { sizeBytes: removal.byteOffset, sha256: digest.digest('hex') };
  } catch (error) {
    await copy.close();
    await rm(target);
    throw error;
  }
}

async function statPlain(path: string): Promise<Stats> {
  const stats = await stat(path).catch((error: unknown) => {
    throw unreadable(error);
  });
  if (!stats.isFile()) throw new AppError('UNREADABLE_BODY', 'is no plain file');
  return stats;
}

function read(path: string, from: number, to: number): Uint8Array {
  const parts: Uint8Array[] = [];
  readRange({ path, from, to }, (chunk) => void parts.push(chunk.slice()));
  return new Uint8Array(Buffer.concat(parts));
}
