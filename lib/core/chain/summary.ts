import { figure } from '../text/words';
import type { ChainCheck } from './check';
import type { TimeGap } from './time-gaps';

export type Summarised = {
  /** Records in all. */
  records: number;
  /** Of them, those whose hash covers their content. */
  validRecords: number;
  firstRecordedAt: string | null;
  lastRecordedAt: string | null;
  /** Longest first; null until they were looked for. */
  timeGaps: readonly Omit<TimeGap, 'record'>[] | null;
  /** Null until they were looked for. */
  timeSteps: ChainCheck['timeSteps'] | null;
  untimed: ChainCheck['untimed'] | null;
};

/** Range, count, gaps in time and odd times of a log in words. */
export function summarySentence({
  records,
  validRecords,
  firstRecordedAt,
  lastRecordedAt,
  timeGaps,
  timeSteps,
  untimed,
}: Summarised): string {
  const said = [range(firstRecordedAt, lastRecordedAt), validity(validRecords, records)];
  if (timeGaps && firstRecordedAt !== null) said.push(quiet(timeGaps));
  if (timeSteps && timeSteps.count > 0) said.push(stepsSentence(timeSteps));
  if (untimed && untimed.count > 0) said.push(untimedSentence(untimed));
  return said.join(' ');
}

function range(from: string | null, to: string | null): string {
  if (from === null || to === null) return 'No record states a time.';
  return from === to
    ? `All records were written at ${moment(from)} UTC.`
    : `The log runs from ${moment(from)} to ${moment(to)} UTC.`;
}

function validity(valid: number, records: number): string {
  if (records === 0) return 'It holds no records.';
  if (valid === records)
    return records === 1 ? 'Its one record hashes correctly.' : `All ${figure(records)} records hash correctly.`;
  return `${figure(valid)} of ${figure(records)} records hash${valid === 1 ? 'es' : ''} correctly.`;
}

function quiet(timeGaps: Summarised['timeGaps'] & object): string {
  const [longest] = timeGaps;
  if (!longest) return 'No gap in time between records stands out.';
  const reported = `${span(longest.seconds)}, from ${moment(longest.from)} to ${moment(longest.to)} UTC`;
  return timeGaps.length === 1
    ? `One gap in time stands out: ${reported}.`
    : `${figure(timeGaps.length)}${timeGaps.length === 20 ? ' or more' : ''} gaps in time stand out, the longest ${reported}.`;
}

/** Where time goes back, in words. */
export function stepsSentence({ count, largest }: ChainCheck['timeSteps']): string {
  const [step] = largest;
  if (!step) return `Time goes back at ${figure(count)} places.`;
  const others = count - 1;
  return `Time goes back at record ${figure(step.record)}, from ${moment(step.from)} to ${moment(step.to)} UTC (${span(step.seconds)})${others > 0 ? `, and by less at ${figure(others)} other ${others === 1 ? 'place' : 'places'}` : ''}: a clock was set, or several writers share the log.`;
}

/** Of records that state no time. */
export function untimedSentence({ count, first }: ChainCheck['untimed']): string {
  return `${figure(count)} ${count === 1 ? 'record states' : 'records state'} no time that can be read, the first being record ${figure(first ?? 0)}: no period holds ${count === 1 ? 'it' : 'them'}, and no rule over time sees ${count === 1 ? 'it' : 'them'}.`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function moment(instant: string): string {
  return `${Number(instant.slice(8, 10))} ${MONTHS[Number(instant.slice(5, 7)) - 1] ?? ''} ${instant.slice(0, 4)} ${instant.slice(11, 16)}`;
}

/** The two largest units: `2 days 4 hours`. */
function span(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const parts: [number, string][] = [
    [Math.floor(minutes / 1440), 'day'],
    [Math.floor(minutes / 60) % 24, 'hour'],
    [minutes % 60, 'minute'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return 'under a minute';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${figure(count)} ${unit}${count === 1 ? '' : 's'}`)
    .join(' ');
}
