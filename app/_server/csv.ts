import 'server-only';
import * as z from 'zod';
import type { ListCsv } from '@/lib/reports/list-csv';
import { fileAnswer } from './file-answer';

/** A path's last part as `<name>.csv`, of the names there are. */
export function csvFile<T extends z.ZodEnum<Record<string, string>>>(names: T) {
  return z
    .string()
    .regex(/^[a-z-]+\.csv$/, 'must be <name>.csv')
    .transform((file) => file.slice(0, -'.csv'.length))
    .pipe(names)
    .meta({ json: { type: 'string', enum: names.options.map((name) => `${name}.csv`) } });
}

export const CSV_TYPE = 'text/csv; charset=utf-8; header=present';

/** A table as a file to save, streamed, with the number of its rows. */
export function csvAnswer({ name, rows, stream }: ListCsv): Promise<Response> {
  return fileAnswer(stream, {
    name: `${name.replaceAll(/[^\w.-]+/g, '_').slice(0, 150)}.csv`,
    type: CSV_TYPE,
    headers: { 'X-Total-Count': String(rows) },
  });
}

/** Of a route that answers with `csvAnswer`. */
export const CSV_ANSWERS = {
  200: {
    is: 'The table, RFC 4180 in UTF-8.',
    types: ['text/csv'],
    headers: { 'X-Total-Count': 'Rows of the table' },
  },
} as const;
