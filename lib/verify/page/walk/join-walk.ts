import { createBefore, offsetBy } from '../../../core/chain/offsets';
import type { ChainCheck, RecordEdge } from '../../../core/chain/check';
import type { Hasher } from '../../../core/chain/format';
import { joinSegments } from '../../../core/chain/join';
import type { Problem } from '../../../core/chain/problem';
import { formatById } from '../../../core/formats';
import { upTo } from '../../log/bytes-between';
import { locateHashes } from '../../log/locate-hashes';
import type { LogFile } from '../../log/log-source';
import { type Part, type Walk, mostSerious } from './walk-log';

/** One file of a chain, and what walking it gave. */
export type Walked = { plain: LogFile; walk: Walk };

/** What the parts of a chain come to, joined in order. Places are those in the chain. */
export type Joined = Omit<ChainCheck, 'boundaryProblems'> & {
  lines: number;
  first: RecordEdge | null;
  problems: Problem[];
};

/** Problems that are shown with their place; all are counted. */
const SHOWN_PROBLEMS = 200;

/** Joins parts, those up to byte `to` of the chain when it is given. `continues`: what came before the first is taken to fit. */
export async function joinWalk(
  files: readonly Walked[],
  { hasher, to = Infinity, continues = false }: { hasher: Hasher; to?: number; continues?: boolean },
): Promise<Joined> {
  const [file] = files;
  if (!file) throw new RangeError('no file to join');
  const format = formatById(file.walk.format);
  const parts = partsUpTo(files, to);
  const checks = parts.map(({ check }) => check);
  const source = { files: files.map(({ plain }) => plain) };
  // What lies behind byte `to` explains nothing of what lies before it.
  const hashLocations = await locateHashes(
    to === Infinity
      ? source
      : upTo(
          source,
          files.map(({ walk }) => walk.sizeBytes),
          to,
        ),
    { format, hasher, checks },
  );
  const { boundaryProblems, ...joined } = joinSegments(format, checks, [], {
    hashLocations,
    continues,
  });
  const problems = mostSerious([...problemsOfParts(parts), ...boundaryProblems], SHOWN_PROBLEMS);
  return {
    ...joined,
    problems,
    lines: checks.reduce((sum, { lines }) => sum + lines, 0),
    first: checks.find(({ first }) => first)?.first ?? null,
  };
}

/** Whether a chain may be checked up to byte `to`: it was cut there. */
export function isCutAt(files: readonly Walked[], to: number): boolean {
  const ends = partsUpTo(files, to).reduce((sum, part) => sum + part.to - part.from, 0);
  return ends === to;
}

function partsUpTo(files: readonly Walked[], to: number): Part[] {
  let base = 0;
  return files.flatMap(({ walk }) => {
    const parts = walk.parts.filter((part) => base + part.to <= to);
    base += walk.sizeBytes;
    return parts;
  });
}

function problemsOfParts(parts: readonly Part[]): Problem[] {
  const nextBefore = createBefore();
  return parts.flatMap(({ check, problems }) => {
    const before = nextBefore(check);
    return problems.map((problem) => offsetBy(before, problem));
  });
}
