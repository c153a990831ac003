import { Temporal } from 'temporal-polyfill';
import type { Schedule, Weekday } from '../../schemas/report-schedules';
import { WEEKDAYS } from '../../schemas/report-weekdays';

/**
 * When a schedule runs next after a time. A local time that clocks skip is the moment they skip it; one they show twice is the first.
 * A day that a month lacks is its last.
 */
export function nextRun({ schedule, timeZone }: { schedule: Schedule; timeZone: string }, after: Date): Date {
  const today = Temporal.Instant.fromEpochMilliseconds(after.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
  // From one before: the day of what is due may be another than today's where clocks skip one.
  for (let n = -1; ; n += 1) {
    const at = momentOf(dayOf(schedule, today, n), schedule.time, timeZone);
    if (at > after) return at;
  }
}

/** The day of the week, month or quarter that is `n` after that of `today`. */
function dayOf(schedule: Schedule, today: Temporal.PlainDate, n: number): Temporal.PlainDate {
  switch (schedule.every) {
    case 'week':
      return today.add({ days: 7 * n + isoDay(schedule.weekday) - today.dayOfWeek });
    case 'month':
      return dayIn(today.with({ day: 1 }).add({ months: n }), schedule.day);
    case 'quarter':
      return dayIn(
        today.with({ day: 1, month: today.month - ((today.month - 1) % 3) }).add({ months: 3 * n }),
        schedule.day,
      );
  }
}

function dayIn(month: Temporal.PlainDate, day: number | 'last'): Temporal.PlainDate {
  return month.with({ day: day === 'last' ? month.daysInMonth : Math.min(day, month.daysInMonth) });
}

function isoDay(weekday: Weekday): number {
  return WEEKDAYS.indexOf(weekday) + 1;
}

function momentOf(day: Temporal.PlainDate, time: string, timeZone: string): Date {
  const local = day.toPlainDateTime(time);
  const moment = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  const isSkipped = !moment.toPlainDateTime().equals(local);
  // What is earlier than a skipped time is before the change that skips it.
  const at = isSkipped ? (moment.getTimeZoneTransition('next') ?? moment) : moment;
  return new Date(at.epochMilliseconds);
}
