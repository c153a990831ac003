import type { ChainCheck } from './check';
import type { TimeGap } from './time-gaps';
import { stepsSentence, untimedSentence } from './summary';
import { compareInstants } from '../time';
import { figure } from '../text/words';

/** Half-open, RFC 3339 UTC as normalised; null where open. */
export type RequestedRange = { from: string | null; to: string | null };

/** What was asked of a chain and what was found, in the manner of CloudTrail's validation report. */
export type Summary = {
  asked: RequestedRange | null;
  /** Earliest and latest time any record states; null when none does. */
  found: { from: string; to: string } | null;
  /** Parts of the range asked for before the first and after the last record. */
  uncovered: { from: string; to: string }[];
  records: { valid: number; total: number };
  /** Gaps in time of at least `gapSeconds`, in the order of the file. */
  gaps: TimeGap[];
  timeSteps: ChainCheck['timeSteps'];
  untimed: ChainCheck['untimed'];
};

/** Sums up a chain. `gapSeconds`: shorter gaps are not reported; those under a minute, and beyond the 20 longest, are not known. */
export function summarise(
  check: Pick<
    ChainCheck,
    'records' | 'validRecords' | 'firstRecordedAt' | 'lastRecordedAt' | 'timeGaps' | 'timeSteps' | 'untimed'
  >,
  requested: RequestedRange | null = null,
  gapSeconds = 3600,
): Summary {
  const { firstRecordedAt: from, lastRecordedAt: to } = check;
  return {
    asked: requested,
    found: from !== null && to !== null ? { from, to } : null,
    uncovered: uncovered(requested, from, to),
    records: { valid: check.validRecords, total: check.records },
    gaps: check.timeGaps.filter(({ seconds }) => seconds >= gapSeconds).toSorted((a, b) => a.record - b.record),
    timeSteps: check.timeSteps,
    untimed: check.untimed,
  };
}

/** The summary as lines of text, the first two as CloudTrail words them. */
export function summaryLines({
  asked: requested,
  found,
  uncovered: parts,
  records,
  gaps,
  timeSteps,
  untimed,
}: Summary): string[] {
  return [
    ...(requested
      ? [`Results requested for ${requested.from ?? 'the beginning'} to ${requested.to ?? 'the end'}`]
      : []),
    found
      ? `Results found for ${found.from} to ${found.to}:`
      : requested
        ? 'No record lies in this period'
        : 'No record states a time.',
    `${figure(records.valid)}/${figure(records.total)} records valid`,
    ...parts.map(({ from, to }) => `No records between ${from} and ${to}, which was asked for`),
    ...gaps.map(
      ({ from, to, seconds, record }) =>
        `No records between ${from} and ${to}: ${duration(seconds)} before record ${figure(record)}`,
    ),
    ...timeLines({ timeSteps, untimed }),
  ];
}

/** What is odd about the times, as lines of text. */
export function timeLines({ timeSteps, untimed }: Pick<ChainCheck, 'timeSteps' | 'untimed'>): string[] {
  return [
    ...(timeSteps.count > 0 ? [stepsSentence(timeSteps)] : []),
    ...(untimed.count > 0 ? [untimedSentence(untimed)] : []),
  ];
}

function uncovered(requested: RequestedRange | null, from: string | null, to: string | null): Summary['uncovered'] {
  if (!requested) return [];
  if (from === null || to === null)
    return requested.from !== null && requested.to !== null ? [{ from: requested.from, to: requested.to }] : [];
  const before =
    requested.from !== null && compareInstants(requested.from, from) < 0
      ? [
          {
            from: requested.from,
            to: requested.to !== null && compareInstants(requested.to, from) < 0 ? requested.to : from,
          },
        ]
      : [];
  const after =
    requested.to !== null && compareInstants(to, requested.to) < 0
      ? [
          {
            from: requested.from !== null && compareInstants(to, requested.from) < 0 ? requested.from : to,
            to: requested.to,
          },
        ]
      : [];
  return [...before, ...after];
}

function duration(seconds: number): string {
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  return (
    [days > 0 ? `${days} d` : '', hours > 0 ? `${hours} h` : '', minutes > 0 && days === 0 ? `${minutes} min` : '']
      .filter((part) => part !== '')
      .join(' ') || `${seconds} s`
  );
}
