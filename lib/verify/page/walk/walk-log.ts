import { createSHA256 } from 'hash-wasm';
import type { FormatId, Hasher, KnownFormat } from '../../../core/chain/format';
import type { Problem } from '../../../core/chain/problem';
import { checkFile } from '../../log/check-file';
import type { CheckedSegment, LogFile } from '../../log/log-source';

/** Bytes `[from, to)` of a log. */
export type ByteRange = { from: number; to: number };

/** A piece of a log that was checked by itself, cut at a line boundary; bytes are those of the log. */
export type Part = ByteRange & CheckedSegment;

export type Walk = {
  format: FormatId;
  /** Plain bytes, and their SHA-256. */
  sizeBytes: number;
  sha256: string;
  parts: Part[];
  /** SHA-256 of the ranges asked for, by `from-to`; without those that reach past its end. */
  rangeDigests: ReadonlyMap<string, string>;
};

/** Problems of one part that are kept with their place; all are counted. */
const KEPT_PROBLEMS = 1000;

export type WalkOptions = {
  format: KnownFormat;
  hasher: Hasher;
  /** Digests to make, in any order; the log is cut at both ends of each when a line ends there. */
  ranges: readonly ByteRange[];
};

/** Checks a log in one pass over its bytes, whatever its length, with what statements say of parts of it compared with those. */
export async function walkLog(plain: LogFile, { format, hasher, ranges }: WalkOptions): Promise<Walk> {
  const whole = (await createSHA256()).init();
  const digests = await createRangeDigests(ranges);
  const parts: Part[] = [];
  const onChunk = (chunk: Uint8Array) => {
    whole.update(chunk);
    digests.push(chunk);
  };
  const cuts = new Set(ranges.flatMap(({ from, to }) => [from, to]));
  for await (const segment of checkFile(plain.open(), {
    format,
    hasher,
    cuts,
    keep: (problems) => mostSerious(problems, KEPT_PROBLEMS),
    onChunk,
  })) {
    const from = parts.at(-1)?.to ?? 0;
    parts.push({ from, to: from + segment.check.sizeBytes, ...segment });
  }
  return {
    format: format.id,
    sizeBytes: parts.at(-1)?.to ?? 0,
    sha256: whole.digest('hex'),
    parts,
    rangeDigests: digests.end(),
  };
}

/** Digests of ranges that may overlap, of bytes pushed once. */
export async function createRangeDigests(
  ranges: readonly ByteRange[],
): Promise<{ push(chunk: Uint8Array): void; end(): Map<string, string> }> {
  // One hasher for all, put back to where a range left it.
  const hasher = await createSHA256();
  let open: { range: ByteRange; state: Uint8Array }[] = [];
  const waiting = [...new Map(ranges.map((range) => [keyOf(range), range])).values()].toSorted(
    (a, b) => a.from - b.from,
  );
  const done = new Map<string, string>();
  let at = 0;
  return {
    push(chunk) {
      const to = at + chunk.length;
      const begun = waiting.findIndex(({ from }) => from >= to);
      for (const range of waiting.splice(0, begun === -1 ? waiting.length : begun))
        open.push({ range, state: hasher.init().save() });
      for (const one of open) {
        hasher.load(one.state).update(chunk.subarray(Math.max(0, one.range.from - at), Math.max(0, one.range.to - at)));
        if (one.range.to <= to) done.set(keyOf(one.range), hasher.digest('hex'));
        else one.state = hasher.save();
      }
      open = open.filter(({ range }) => range.to > to);
      at = to;
    },
    end: () => done,
  };
}

/** So many of them in file order: those that break the chain before those that do not. */
export function mostSerious(problems: readonly Problem[], count: number): Problem[] {
  if (problems.length <= count) return problems.toSorted((a, b) => a.byteOffset - b.byteOffset);
  const errors = problems.filter(({ severity }) => severity === 'error').slice(0, count);
  const warnings = problems.filter(({ severity }) => severity !== 'error').slice(0, count - errors.length);
  return [...errors, ...warnings].toSorted((a, b) => a.byteOffset - b.byteOffset);
}

export function keyOf({ from, to }: ByteRange): string {
  return `${from}-${to}`;
}
