import 'server-only';
import { createReadStream } from 'node:fs';
import { RECOGNITION_BYTES } from '../../core/bytes/limits';
import { sight } from '../../core/chain/sightings';
import { formatById } from '../../core/formats';
import { readRange, unreadable } from './byte-range';
import { inOrder } from './in-order';
import { type FollowOriginal, type LogSource, SMALL_BYTES } from './log-source';
import { segmentRanges } from './segment-ranges';
import type { TaskPool } from './task-pool';

/** A plain file, its segments checked on the threads of the pool. Of a file that grows meanwhile, the first `sizeBytes` count. */
export function fileSource(path: string, sizeBytes: number, pool: TaskPool, { original, segmentBytes }: { original: FollowOriginal; segmentBytes?: number }): LogSource {
  const ranges = () => segmentRanges(path, sizeBytes, segmentBytes);
  return {
    async head() {
      const parts: Uint8Array[] = [];
      readRange({ path, from: 0, to: Math.min(sizeBytes, RECOGNITION_BYTES) }, (chunk) => void parts.push(chunk.slice()));
      return { bytes: Buffer.concat(parts), complete: sizeBytes <= RECOGNITION_BYTES };
    },
    original(format) {
      if (!formatById(format).original || (original === 'small' && sizeBytes > SMALL_BYTES)) return async () => null;
      const finding = pool.run('original', { range: { path, from: 0, to: sizeBytes }, format });
      finding.catch(() => undefined); // told when it is asked for
      return () => finding;
    },
    segments(format, placed) {
      // With all their problems, segments that wait for their turn would take much memory.
      return inOrder(ranges(), Number.isFinite(placed()) ? pool.threads * 2 : pool.threads, (range) => pool.run('check', { range, format, placed: placed() }));
    },
    async sight(format, wanted, checks) {
      const sightings = new Map();
      let base = 0;
      const found = inOrder(ranges(), pool.threads * 2, (range) => pool.run('sight', { range, format, wanted }));
      let index = 0;
      for await (const part of found) {
        const at = (record: number | null) => (record === null ? null : base + record);
        for (const [hash, { bearer, claimant }] of part) sight(sightings, hash, { bearer: at(bearer), claimant: at(claimant) });
        base += checks[index]?.records ?? 0;
        index += 1;
      }
      return sightings;
    },
    files: () => [wholeFile(path, sizeBytes, pool)],
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
