/** A stretch of time without a record between two that state their times. */
export type Silence = {
  /** RFC 3339 UTC of the record before and of the record after. */
  from: string;
  to: string;
  seconds: number;
};

export type Summarised = {
  /** Records in all. */
  records: number;
  /** Of them, those whose hash covers their content. */
  validRecords: number;
  firstRecordedAt: string | null;
  lastRecordedAt: string | null;
  /** Longest first; null until they were looked for. */
  silences: readonly Silence[] | null;
};

/** Range, count and silences of a log in words. */
export function summarySentence({ records, validRecords, firstRecordedAt, lastRecordedAt, silences }: Summarised): string {
  const said = [range(firstRecordedAt, lastRecordedAt), validity(validRecords, records)];
  if (silences && firstRecordedAt !== null) said.push(quiet(silences));
  return said.join(' ');
}

function range(from: string | null, to: string | null): string {
  if (from === null || to === null) return 'No record states a time.';
  return from === to ? `All records were written at ${moment(from)} UTC.` : `The log runs from ${moment(from)} to ${moment(to)} UTC.`;
}

function validity(valid: number, records: number): string {
  if (records === 0) return 'It holds no records.';
  if (valid === records) return records === 1 ? 'Its one record hashes correctly.' : `All ${figure(records)} records hash correctly.`;
  return `${figure(valid)} of ${figure(records)} records hash${valid === 1 ? 'es' : ''} correctly.`;
}

function quiet(silences: readonly Silence[]): string {
  const [longest] = silences;
  if (!longest) return 'No silence between records stands out.';
  const told = `${span(longest.seconds)}, from ${moment(longest.from)} to ${moment(longest.to)} UTC`;
  return silences.length === 1 ? `One silence stands out: ${told}.` : `${figure(silences.length)}${silences.length === 20 ? ' or more' : ''} silences stand out, the longest ${told}.`;
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

function figure(count: number): string {
  return count.toLocaleString('en-GB');
}
