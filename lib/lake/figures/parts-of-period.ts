import type { Period } from '../../schemas/common';
import type { Times } from '../query/events';
import { lakeInstant } from '../time';
import { type Days, dateText, dayOfText, dayText, daysOfPartition } from './days';

/** What a period is read from: the figures of whole days, and the records of the times that are left, both ends as the lake writes them. */
export type PartsOfPeriod = {
  figures: { ids: readonly string[]; from: string; to: string };
  times: Times;
};

/** Each moment of the period is in one of the two, and in one alone. */
export function partsOfPeriod(period: Period, figured: readonly { partition: string; id: string }[]): PartsOfPeriod {
  const [from, to] = [lakeInstant(period.from), lakeInstant(period.to)];
  const whole = wholeDays(from, to);
  const used = figured
    .flatMap(({ partition, id }) => {
      const days = daysOfPartition(partition);
      const within = days && { from: Math.max(days.from, whole.from), to: Math.min(days.to, whole.to) };
      return within && within.from < within.to ? [{ ...within, id }] : [];
    })
    .toSorted((a, b) => a.from - b.from);
  const times: { from: string; to: string }[] = [];
  let at = from;
  for (const { from: first, to: end } of used) {
    if (at < dayText(first)) times.push({ from: at, to: dayText(first) });
    at = dayText(end);
  }
  if (at < to) times.push({ from: at, to });
  return { figures: { ids: used.map(({ id }) => id), from: dateText(whole.from), to: dateText(whole.to) }, times };
}

function wholeDays(from: string, to: string): Days {
  const first = dayOfText(from);
  return { from: dayText(first) === from ? first : first + 1, to: dayOfText(to) };
}
