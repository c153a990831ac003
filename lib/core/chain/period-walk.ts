import { compareInstants } from '../time';
import type { ChainCheck } from './check';
import type { ChainFormat, Hasher } from './format';
import { recordsOf } from './line-records';
import { createLineSplitter, isBlank } from '../bytes/lines';
import { REPORTED_GAPS, createTimeline, stepsOf, wholeSeconds } from './time-gaps';
import type { RequestedRange } from './validation-summary';

/** Of a log what lies in a period. Ordinals of gaps are those of the whole log. */
export type InPeriod = Pick<
  ChainCheck,
  'records' | 'validRecords' | 'firstRecordedAt' | 'lastRecordedAt' | 'timeGaps' | 'timeSteps' | 'untimed'
>;

/**
 * Goes over a log and counts the records whose stated time lies in the period, and the gaps in time that reach into it. Records that state no
 * time lie in none; all of the log's are counted. Push the bytes in order, and call `endFile` between the files of a rotated log.
 */
export function createPeriodWalk(
  format: ChainFormat,
  hasher: Hasher,
  { from, to }: RequestedRange,
): { push(chunk: Uint8Array): void; endFile(): void; end(): InPeriod } {
  const count = { records: 0, validRecords: 0, all: 0 };
  const timeline = createTimeline();
  const untimed: InPeriod['untimed'] = { count: 0, first: null };
  let earliest: string | null = null;
  let latest: string | null = null;
  let before: string | null = null;

  const see = (recordedAt: string, isValid: boolean) => {
    if (before !== null) {
      const seconds = wholeSeconds(recordedAt) - wholeSeconds(before);
      if (timeline.isOfNote(seconds) && endsAfter(recordedAt, from) && beginsBefore(before, to))
        timeline.add({ record: count.all, from: before, to: recordedAt, seconds });
    }
    before = recordedAt;
    if (!isIn(recordedAt, { from, to })) return;
    count.records += 1;
    if (isValid) count.validRecords += 1;
    if (earliest === null || compareInstants(recordedAt, earliest) < 0) earliest = recordedAt;
    if (latest === null || compareInstants(recordedAt, latest) > 0) latest = recordedAt;
  };
  const open = () =>
    createLineSplitter((line) => {
      if (isBlank(line) || line.tooLong) return;
      for (const { read } of recordsOf(format, hasher, line)) {
        if (read.recordedAt === null) {
          untimed.count += 1;
          untimed.first ??= count.all;
        } else see(read.recordedAt, read.hash !== null && read.computed === read.hash && !read.mismatch);
        count.all += 1;
      }
    });
  let splitter = open();
  const endFile = () => {
    splitter.end();
    splitter = open();
  };
  return {
    push: (chunk) => splitter.push(chunk),
    endFile,
    end() {
      endFile();
      const { gaps, steps } = timeline.end();
      return {
        records: count.records,
        validRecords: count.validRecords,
        firstRecordedAt: earliest,
        lastRecordedAt: latest,
        timeGaps: gaps.slice(0, REPORTED_GAPS),
        timeSteps: stepsOf({ steps }),
        untimed,
      };
    },
  };
}

function isIn(instant: string, { from, to }: RequestedRange): boolean {
  return (from === null || compareInstants(instant, from) >= 0) && beginsBefore(instant, to);
}

function beginsBefore(instant: string, to: string | null): boolean {
  return to === null || compareInstants(instant, to) < 0;
}

function endsAfter(instant: string, from: string | null): boolean {
  return from === null || compareInstants(instant, from) > 0;
}
