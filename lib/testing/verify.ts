import { createBefore, offsetBy } from '../core/chain/offsets';
import type { ChainCheck } from '../core/chain/check';
import { createSegmentChecker } from '../core/chain/check-segment';
import { lineScanner } from '../core/fastpath/scanner';
import type { ChainFormat, Hasher } from '../core/chain/format';
import { type Witnessed, joinSegments } from '../core/chain/join';
import type { Problem } from '../core/chain/problem';
import { createLocationScan, hashesToLocate } from '../core/chain/hash-locations';

export type Verified = ChainCheck & { problems: Problem[] };

/** Checks each segment and joins them, all problems placed in the chain, in file order. */
export function verifySegments(
  format: ChainFormat,
  hasher: Hasher,
  segments: readonly Uint8Array[],
  witnessed: readonly Witnessed[] = [],
): Verified {
  const parts = segments.map((bytes) => checkBytes(format, hasher, bytes));
  const checks = parts.map(({ check }) => check);
  const wanted = hashesToLocate(checks);
  const scan = createLocationScan(format, hasher, wanted);
  for (const bytes of wanted.size > 0 ? segments : []) {
    scan.push(bytes);
    scan.endSegment();
  }
  const joined = joinSegments(format, checks, witnessed, { hashLocations: scan.end().hashLocations });
  const nextBefore = createBefore();
  const inside = parts.flatMap(({ check, problems }) => {
    const before = nextBefore(check);
    return problems.map((problem) => offsetBy(before, problem));
  });
  const problems = [...inside, ...joined.boundaryProblems].toSorted(
    (a, b) => a.byteOffset - b.byteOffset || a.code.localeCompare(b.code),
  );
  return { ...joined, problems };
}

export function checkBytes(
  format: ChainFormat,
  hasher: Hasher,
  bytes: Uint8Array,
  { chunkBytes = 64 * 1024, parseEveryRecord = false } = {},
) {
  if (!parseEveryRecord) lineScanner(format); // there from now on: what is read here is read the fast way, however short
  const checker = createSegmentChecker(format, hasher, { parseEveryRecord });
  for (let at = 0; at < bytes.length; at += chunkBytes) checker.push(bytes.subarray(at, at + chunkBytes));
  return checker.end();
}

/** `hash-mismatch@100`: what is wrong, on which line. */
export function briefly(problems: readonly Problem[]): string[] {
  return problems.map(({ code, line }) => `${code}@${line}`);
}
