import { sumCounts } from '../../../core/chain/offsets';
import type { SidecarCheck } from '../../../core/sidecars/sidecar';
import type { Hasher } from '../../../core/chain/format';
import { verdictOf } from '../../../core/chain/join';
import type { ProblemCode } from '../../../core/chain/problem';
import { verdictSentence } from '../../../core/chain/sentence';
import { worst } from '../../../core/chain/verdict';
import { formatById, formatOfAny } from '../../../core/formats';
import type { Item } from '../item';
import type { LogChecked, Row } from '../outcome';
import { type Joined, type Walked, joinWalk } from '../walk/join-walk';
import { holds } from './verdict-words';
import { figure } from '../../../core/text/words';

export type LogParts = {
  items: readonly Item[];
  sidecarCheck: SidecarCheck | null;
  speakers: readonly string[];
  hasBundles: boolean;
};

/** The verdict on a log, or on the pieces of one in order. `speakers` are the files whose statements speak of it. */
export async function checkLog(
  { items, sidecarCheck, speakers, hasBundles }: LogParts,
  hasher: Hasher,
): Promise<LogChecked<Row>> {
  const files = items.flatMap(({ plain, walk }): Walked[] => (plain && walk ? [{ plain, walk }] : []));
  const format = formatOfAny(files[0]?.walk.format);
  const { joined, continues } = await verifiedAs(files, hasher);
  const verdict = worst(joined.verdict, verdictOf(sidecarCheck?.problemCounts ?? {}));
  const problemCounts = sumCounts(joined.problemCounts, sidecarCheck?.problemCounts ?? {});
  const { records, sizeBytes, head, firstRecordedAt, lastRecordedAt } = joined;
  const reported = verdictSentence({
    verdict,
    label: format.label,
    records,
    firstRecordedAt,
    lastRecordedAt,
    problemCounts,
  });
  const sentence = continues
    ? `A piece from the middle of a chain: what came before its first record is not here. ${reported}`
    : reported;
  const problems = [...joined.problems, ...(sidecarCheck?.problems ?? [])];
  const rows: Row[] = (sidecarCheck?.checkedSidecars ?? []).map(({ file, holds: isHolding, message }) => ({
    step: 'sidecar',
    about: { file },
    status: isHolding === null ? 'skipped' : isHolding ? 'passed' : 'failed',
    reason: { code: 'sidecar-compared', said: message },
  }));
  if (speakers.length > 0)
    rows.unshift({ step: 'attested', status: 'passed', reason: { code: 'attested-by', files: speakers } });
  else if (hasBundles)
    rows.unshift({
      step: 'attested',
      status: 'skipped',
      reason: { code: 'attested-by-none', files: items.map(({ source }) => source.name) },
    });
  return {
    id: items.map(({ id }) => id).join('+'),
    files: items.map(({ source }) => source.name),
    format: format.label,
    state: {
      kind: 'walked',
      verdict,
      continues,
      sentence,
      records,
      sizeBytes,
      head,
      firstRecordedAt,
      lastRecordedAt,
      problems,
      problemCounts,
    },
    rows,
  };
}

/** As a whole chain; as a piece of one when all that is missing is what came before. */
export async function verifiedAs(
  files: readonly Walked[],
  hasher: Hasher,
): Promise<{ joined: Joined; continues: boolean }> {
  const whole = await joinWalk(files, { hasher });
  if (holds(whole.verdict)) return { joined: whole, continues: false };
  const piece = await joinWalk(files, { hasher, continues: true });
  const more = (Object.keys(whole.problemCounts) as ProblemCode[]).flatMap((code) =>
    Array.from({ length: (whole.problemCounts[code] ?? 0) - (piece.problemCounts[code] ?? 0) }, () => code),
  ); // keys of our own type
  const continues = more.length === 1 && more[0] === 'missing-beginning';
  return continues ? { joined: piece, continues } : { joined: whole, continues };
}

/** What a log that has not been walked, or cannot be, is told as. */
export function unwalkedLog({ id, source, failure, what }: Item): LogChecked<Row> {
  const format = what.kind === 'log' ? formatById(what.format).label : '';
  return {
    id,
    files: [source.name],
    format,
    state: failure === null ? { kind: 'walking' } : { kind: 'failed', message: failure },
    rows: [],
  };
}

/** What is wrong with a log first of all, in one clause. */
export function firstProblem({ state }: Pick<LogChecked, 'state'>): string | null {
  if (state.kind !== 'walked') return null;
  const problem = state.problems.find(({ severity }) => severity === 'error');
  return problem ? `record ${figure(problem.record)}, line ${figure(problem.line)}: ${problem.message}` : null;
}
