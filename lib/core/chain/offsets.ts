import type { Tip } from './check';
import type { ProblemCounts } from './problem';

/** What lies before a segment in its chain. */
export type Before = { records: number; lines: number; sizeBytes: number };

/** A place in a segment as one in its chain. */
export function offsetBy<P extends { record: number; line: number; byteOffset: number }>(before: Before, place: P): P {
  return {
    ...place,
    record: before.records + place.record,
    line: before.lines + place.line,
    byteOffset: before.sizeBytes + place.byteOffset,
  };
}

/** An ordinal in a segment as one in its chain. */
export function ordinalAfter({ records }: Pick<Before, 'records'>, record: number): number;
export function ordinalAfter({ records }: Pick<Before, 'records'>, record: number | null): number | null;
export function ordinalAfter({ records }: Pick<Before, 'records'>, record: number | null): number | null {
  return record === null ? null : records + record;
}

/** A record others may follow, in a segment, as one in its chain. */
export function tipAfter(before: Pick<Before, 'records'>, tip: Tip): Tip {
  return { ...tip, record: before.records + tip.record };
}

/** Told one segment after another, gives what lies before each. */
export function createBefore(): (segment: Before) => Before {
  const total: Before = { records: 0, lines: 0, sizeBytes: 0 };
  return ({ records, lines, sizeBytes }) => {
    const before = { ...total };
    total.records += records;
    total.lines += lines;
    total.sizeBytes += sizeBytes;
    return before;
  };
}

/** Problems of several by code. */
export function sumCounts(...counts: readonly ProblemCounts[]): ProblemCounts {
  const total: ProblemCounts = {};
  for (const part of counts)
    for (const [code, count] of Object.entries(part) as [keyof ProblemCounts, number][])
      total[code] = (total[code] ?? 0) + count; // keys of our own type
  return total;
}
