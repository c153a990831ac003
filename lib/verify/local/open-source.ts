import 'server-only';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { compressionOf } from '../../core/bytes/file-kind';
import { openFileOnce } from '../log/head';
import type { LogFile } from '../log/log-source';
import { readRange, unreadable } from './byte-range';
import { fileSource } from './file-source';
import type { FoundLog } from './find-logs';
import { spooled } from './spool';
import type { TaskPool } from './task-pool';

export type OpenTools = { pool: TaskPool; stdin: AsyncIterable<Uint8Array> };
export type Opened = { source: LogFile; close(): Promise<void> };
type OpenOptions = { segmentBytes?: number };

/** Opens a log on disk or in an archive. @throws AppError UNREADABLE_BODY. */
export async function openLog(
  { file, inArchive }: Pick<Extract<FoundLog, { kind: 'log' }>, 'file' | 'inArchive'>,
  tools: OpenTools,
  options: OpenOptions,
): Promise<Opened> {
  if (!inArchive) return openSource(file, tools, options);
  const source = openFileOnce(file, () => plain(inArchive.open(), tools.pool));
  return { source, close: () => source.close() };
}

/**
 * Opens a log by its path, `-` for standard input. Gzip and zstd are told by the first bytes and undone, pipes are kept in a
 * temporary file while they are checked. @throws AppError UNREADABLE_BODY.
 */
export async function openSource(
  path: string,
  { pool, stdin }: OpenTools,
  { segmentBytes }: OpenOptions,
): Promise<Opened> {
  const stream = (open: () => AsyncIterable<Uint8Array>) => openFileOnce(path, () => plain(open(), pool));
  if (path === '-') return piped(stdin);
  const { sizeBytes, isFile } = await statFile(path);
  if (!isFile) return piped(createReadStream(path));
  if (isCompressed(path, sizeBytes)) {
    const source = stream(() => createReadStream(path, { highWaterMark: 1024 * 1024 }));
    return { source, close: () => source.close() };
  }
  return { source: fileSource(path, sizeBytes, pool, segmentBytes), close: async () => undefined };

  function piped(bytes: AsyncIterable<Uint8Array>): Opened {
    const { open, close } = spooled(bytes);
    return { source: stream(open), close };
  }
}

async function statFile(path: string): Promise<{ sizeBytes: number; isFile: boolean }> {
  try {
    const found = await stat(path);
    return { sizeBytes: found.size, isFile: found.isFile() };
  } catch (error) {
    throw unreadable(error);
  }
}

function isCompressed(path: string, sizeBytes: number): boolean {
  let head = Buffer.alloc(0);
  readRange({ path, from: 0, to: Math.min(4, sizeBytes) }, (chunk) => {
    head = Buffer.concat([head, chunk]);
  });
  return compressionOf(head) !== null;
}

async function* plain(raw: AsyncIterable<Uint8Array>, pool: TaskPool): AsyncGenerator<Uint8Array> {
  const counted = async function* () {
    for await (const chunk of raw) {
      pool.count(chunk.length);
      yield chunk;
    }
  };
  const { decode } = await import('../../archive/decode');
  yield* (await decode(counted())).plain;
}
