import { Temporal } from 'temporal-polyfill';
import type { Period } from '../../schemas/common';
import type { CalendarPeriod } from '../../schemas/report-definitions';

/** The half-open period that a definition is of at a time, by the calendar of its zone: each end is the first moment of a day there, of whatever length its days are. */
export function periodOf({ period, timeZone }: { period: CalendarPeriod; timeZone: string }, at: Date): Period {
  const today = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
  const [first, end] = daysOf(period, today);
  return { from: beginOf(first, timeZone), to: beginOf(end, timeZone) };
}

/** The first and the last day of a period, by the calendar of a zone, as `2026-05-11 to 2026-05-17`. */
export function localDays({ from, to }: Period, timeZone: string): string {
  const dayOf = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate().toString();
  const [first, last] = [dayOf(Date.parse(from)), dayOf(Date.parse(to) - 1)];
  return first === last ? first : `${first} to ${last}`;
}

/** The first day, and the one after the last. */
function daysOf(period: CalendarPeriod, today: Temporal.PlainDate): [Temporal.PlainDate, Temporal.PlainDate] {
  switch (period.of) {
    case 'last-week': {
      const monday = today.subtract({ days: today.dayOfWeek - 1 });
      return [monday.subtract({ days: 7 }), monday];
    }
    case 'last-month': {
      const month = today.with({ day: 1 });
      return [month.subtract({ months: 1 }), month];
    }
    case 'last-quarter': {
      const quarter = today.with({ day: 1, month: today.month - ((today.month - 1) % 3) });
      return [quarter.subtract({ months: 3 }), quarter];
    }
    case 'last-days':
      return [today.subtract({ days: period.days }), today];
    case 'days':
      return [Temporal.PlainDate.from(period.firstDay), Temporal.PlainDate.from(period.lastDay).add({ days: 1 })];
  }
}

/** The first moment of a day; of one that a zone leaves out, that of the day after it. */
function beginOf(day: Temporal.PlainDate, timeZone: string): string {
  return new Date(day.toZonedDateTime(timeZone).epochMilliseconds).toISOString();
}
