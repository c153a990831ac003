import * as z from 'zod';
import { WEEKDAYS } from './report-weekdays';

const Weekday = z.enum(WEEKDAYS);
export type Weekday = z.infer<typeof Weekday>;

/** Hours and minutes as clocks of the zone show them. */
const LocalTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, as 06:30');
/** A day that a month lacks is its last. */
const DayOfMonth = z.union([z.number().int().min(1).max(31), z.literal('last')]);

/** When a report is made by itself, by the clocks and calendar of its definition's zone. */
export const Schedule = z.discriminatedUnion('every', [
  z.strictObject({ every: z.literal('week'), weekday: Weekday, time: LocalTime }),
  z.strictObject({ every: z.literal('month'), day: DayOfMonth, time: LocalTime }),
  /** The day is of the first month: January, April, July or October. */
  z.strictObject({ every: z.literal('quarter'), day: DayOfMonth, time: LocalTime }),
]);
export type Schedule = z.infer<typeof Schedule>;
