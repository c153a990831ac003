import 'server-only';
import { endOfSegment } from '../../core/bytes/newline';
import { RECOGNITION_BYTES, SEGMENT_TARGET_BYTES } from '../../core/bytes/limits';
import { createSegmentChecker } from '../../core/chain/check-segment';
import type { FormatId, Hasher } from '../../core/chain/format';
import { createLineSplitter } from '../../core/bytes/lines';
import type { OriginalWalk } from '../../core/chain/original';
import { createSightingScan } from '../../core/chain/sightings';
import { formatById } from '../../core/formats';
import { type CheckedSegment, type FollowOriginal, type LogSource, SMALL_BYTES } from './log-source';

/** Plain bytes that come one after another, checked on this thread. `open` gives them from the start each time it is called. */
export function streamSource(open: () => AsyncIterable<Uint8Array>, hasher: Hasher, { original: follow, segmentBytes = SEGMENT_TARGET_BYTES }: { original: FollowOriginal; segmentBytes?: number }): LogSource & { /** Lets go of what was opened and not read to its end. */ close(): Promise<void> } {
  let begun: { head: Uint8Array[]; rest: AsyncIterator<Uint8Array> } | null = null;
  let original: ReturnType<typeof followLines> | null = null;

  /** The first time, what `head` has read and the rest of it. */
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const { head, rest } = begun ?? { head: [], rest: open()[Symbol.asyncIterator]() };
    begun = null;
    yield* head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  }

  return {
    async head() {
      const head: Uint8Array[] = [];
      const rest = open()[Symbol.asyncIterator]();
      let sizeBytes = 0;
      let complete = false;
      while (sizeBytes < RECOGNITION_BYTES && !complete) {
        const next = await rest.next();
        if (next.done) complete = true;
        else sizeBytes += head[head.push(Uint8Array.from(next.value)) - 1]?.length ?? 0;
      }
      begun = { head, rest };
      return { bytes: Buffer.concat(head), complete };
    },
    original(format) {
      const walk = formatById(format).original?.(hasher);
      const followed = walk ? followLines(walk, follow) : null;
      original = followed;
      return async () => followed?.end() ?? null;
    },
    async *segments(format, placed) {
      const walk = original;
      original = null;
      yield* cutAndCheck(bytes(), format, hasher, segmentBytes, placed, (chunk) => walk?.push(chunk));
    },
    async sight(format, wanted) {
      const scan = createSightingScan(formatById(format), hasher, wanted);
      for await (const chunk of bytes()) scan.push(chunk);
      scan.endSegment();
      return scan.sightings;
    },
    files: () => [bytes()],
    async close() {
      await begun?.rest.return?.();
      begun = null;
    },
  };
}

async function* cutAndCheck(bytes: AsyncIterable<Uint8Array>, formatId: FormatId, hasher: Hasher, targetBytes: number, placed: () => number, onChunk: (chunk: Uint8Array) => void): AsyncGenerator<CheckedSegment> {
  const format = formatById(formatId);
  let checker = createSegmentChecker(format, hasher);
  let sizeBytes = 0;
  let given = 0;
  const end = (): CheckedSegment => {
    const { check, problems } = checker.end();
    checker = createSegmentChecker(format, hasher);
    sizeBytes = 0;
    given += 1;
    return { check, problems: problems.slice(0, placed()) };
  };
  for await (const chunk of bytes) {
    onChunk(chunk);
    for (let rest = chunk; rest.length > 0; ) {
      const to = endOfSegment(rest, sizeBytes, targetBytes);
      const piece = to === 0 ? rest : rest.subarray(0, to);
      checker.push(piece);
      sizeBytes += piece.length;
      rest = rest.subarray(piece.length);
      if (to !== 0) yield end();
    }
  }
  if (sizeBytes > 0 || given === 0) yield end();
}

/** Gives up on a log that is too long to be followed unasked. */
function followLines(walk: OriginalWalk, follow: FollowOriginal) {
  const splitter = createLineSplitter((line) => walk.line(line));
  let sizeBytes = 0;
  const goesOn = () => follow === 'always' || sizeBytes <= SMALL_BYTES;
  return {
    push(chunk: Uint8Array) {
      sizeBytes += chunk.length;
      if (goesOn()) splitter.push(chunk);
    },
    end() {
      if (!goesOn()) return null;
      splitter.end();
      return walk.end();
    },
  };
}
