import { type Line, createLineSplitter } from '../../core/bytes/lines';
import type { ChainFormat, Hasher } from '../../core/chain/format';
import { type LineWatch, canonicalRun } from '../../core/chain/line-watch';
import type { CanonicalRun, ReferenceFinding, ReferenceWalk } from '../../core/chain/reference-verifier';
import { scannerWhenItPays } from '../../core/fastpath/scanner';

/** Leads a verifier down a log: by bytes, or beside a check that sees its lines. */
type Follower = LineWatch & {
  push(chunk: Uint8Array): void;
  /** Whether canonical records that come next are passed over; otherwise their bytes have to come. */
  pass(run: CanonicalRun): boolean;
  /** Null when more had to be followed one by one than was asked for. */
  end(): ReferenceFinding | null;
};

export type FollowOptions = {
  /** Bytes that are followed line by line at most. */
  maxBytes?: number;
  /** Where the bytes that are pushed are of canonical records, they are passed over. */
  scan?: { format: ChainFormat; hasher: Hasher } | null;
};

/** Follows a format's own verifier down a log. */
export function createFollower(
  walk: ReferenceWalk,
  { maxBytes = Infinity, scan = null }: FollowOptions = {},
): Follower {
  let lines = 0;
  let followedBytes = 0;
  const take = (line: Line): void => {
    lines += 1;
    followedBytes += line.byteLength + 1;
    if (followedBytes <= maxBytes) walk.line({ ...line, number: lines });
  };
  const pass = (run: CanonicalRun): boolean => {
    if (!walk.pass?.(run)) return false;
    lines += run.lines;
    return true;
  };
  const run = (bytes: Uint8Array, canonical: CanonicalRun | null): void => {
    if (canonical && pass(canonical)) return;
    const splitter = createLineSplitter(take);
    splitter.push(bytes);
    splitter.end();
  };

  const scanner = scan && walk.pass ? scannerWhenItPays(scan.format, { alike: true }) : null;
  const splitter = createLineSplitter(take, (chunk, from) => {
    const found = scan && scanner?.runAt(chunk, from, null, scan.hasher);
    if (!found) return null;
    const to = found.lastTo + 1;
    run(chunk.subarray(from, to), canonicalRun(found));
    return { lines: found.count, to };
  });
  return {
    line: take,
    run: (bytes, _, canonical) => run(bytes, canonical),
    pass,
    push(chunk) {
      scanner?.forget();
      splitter.push(chunk);
    },
    end() {
      splitter.end();
      return followedBytes > maxBytes ? null : walk.end();
    },
  };
}

/** Canonical records that follow one another in a part of a log, and where they lie in it: bytes `[from, to)`. */
export type CanonicalPart = CanonicalRun & { from: number; to: number };

/** Parts that are kept of one log, or segment of one: what is behind as many is followed line by line. */
const KEPT_PARTS = 256;

/** Notes where the records are canonical, for a verifier that is led down the log later. */
export function createPartList(): LineWatch & { parts: CanonicalPart[] } {
  const parts: CanonicalPart[] = [];
  return {
    parts,
    line: () => undefined,
    run(bytes, from, canonical) {
      if (!canonical) return;
      const to = from + bytes.length;
      const last = parts.at(-1);
      if (last && isContinuedBy(last, from, canonical)) {
        last.to = to;
        last.lines += canonical.lines;
        last.units += canonical.units;
        last.hash = canonical.hash;
        last.lastSequence = canonical.lastSequence;
      } else if (parts.length < KEPT_PARTS) parts.push({ ...canonical, from, to });
    },
  };
}

function isContinuedBy({ to, hash, lastSequence }: CanonicalPart, from: number, next: CanonicalRun): boolean {
  const isNumbered = lastSequence === null ? next.firstSequence === null : next.firstSequence === lastSequence + 1;
  return to === from && hash === next.prev && isNumbered;
}

/** What the verifiers say of the files of a rotated log. They know no such logs: each is verified by itself. Lines are counted in the file that is named. */
export function eachByItself(
  files: readonly { name: string }[],
  findings: readonly (ReferenceFinding | null)[],
): ReferenceFinding | null {
  if (files.length === 1) return findings[0] ?? null;
  const failing = findings.findIndex((finding) => finding !== null && finding.verdict !== 'ok');
  const finding = findings[failing];
  if (finding) return { ...finding, message: `${files[failing]?.name ?? ''}: ${finding.message}` };
  const last = findings.at(-1);
  return last && findings.every((each) => each !== null)
    ? { ...last, message: `each of the ${files.length} files by itself; of the last: ${last.message}` }
    : null;
}
