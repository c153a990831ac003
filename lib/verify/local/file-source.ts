import 'server-only';
import { createReadStream } from 'node:fs';
import { RECOGNITION_BYTES } from '../../core/bytes/limits';
import type { LogFile } from '../log/log-source';
import { readRange, unreadable } from './byte-range';
import { inOrder } from './in-order';
import { segmentRanges } from './segment-ranges';
import type { TaskPool } from './task-pool';

/** A plain file, its segments scanned on the threads of the pool. Of a file that grows meanwhile, the first `sizeBytes` count. */
export function fileSource(path: string, sizeBytes: number, pool: TaskPool, segmentBytes?: number): LogFile {
  const ranges = () => segmentRanges(path, sizeBytes, segmentBytes);
  return {
    name: path,
    async head() {
      const parts: Uint8Array[] = [];
      readRange(
        { path, from: 0, to: Math.min(sizeBytes, RECOGNITION_BYTES) },
        (chunk) => void parts.push(chunk.slice()),
      );
      return { bytes: Buffer.concat(parts), complete: sizeBytes <= RECOGNITION_BYTES };
    },
    open: () => wholeFile(path, sizeBytes, pool),
    scans: {
      // With all their problems, segments that wait for their turn would take much memory.
      check: (format, kept) =>
        inOrder(ranges(), Number.isFinite(kept()) ? pool.threads * 2 : pool.threads, (range) =>
          pool.run('check', { range, format, kept: kept() }),
        ),
      locate: (format, wanted) =>
        inOrder(ranges(), pool.threads * 2, (range) => pool.run('locate', { range, format, wanted })),
      follow: (format, canonical, mostBytes) =>
        pool.run('follow', { range: { path, from: 0, to: sizeBytes }, format, canonical, mostBytes }),
    },
  };
}

async function* wholeFile(path: string, sizeBytes: number, pool: TaskPool): AsyncGenerator<Uint8Array> {
  if (sizeBytes === 0) return;
  try {
    for await (const chunk of createReadStream(path, { end: sizeBytes - 1, highWaterMark: 1024 * 1024 })) {
      const bytes: Uint8Array = chunk;
      pool.count(bytes.length);
      yield bytes;
    }
  } catch (error) {
    throw unreadable(error);
  }
}
