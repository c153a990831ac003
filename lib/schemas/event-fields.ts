import * as z from 'zod';
import { EVENT_FIELDS, type Field, type FieldType } from '../core/event/fields';
import { Decision, Instant } from './common';

const WHOLE = z.number().int();
const SCHEMA = {
  text: z.string(),
  word: z.string(),
  decision: Decision,
  time: Instant.nullable(),
  count32: WHOLE,
  count53: WHOLE,
  amount: z.number(),
} as const satisfies Record<FieldType, z.ZodType>;

/** What a record states, as it is answered: the one list of fields by their keys. */
export const EventFields = z.object(
  Object.fromEntries(EVENT_FIELDS.map(({ key, type }) => [key, SCHEMA[type]])) as {
    [F in Field as F['key']]: (typeof SCHEMA)[F['type']];
  },
); // of every key, by the type of the list
