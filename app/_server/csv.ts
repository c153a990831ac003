import 'server-only';
import { Readable } from 'node:stream';
import * as z from 'zod';
import type { ListCsv } from '@/lib/reports/list-csv';

/** A path's last part as `<name>.csv`, of the names there are. */
export function csvFile<T extends z.ZodType<string, string>>(names: T) {
  return z
    .string()
    .regex(/^[a-z-]+\.csv$/, 'must be <name>.csv')
    .transform((file) => file.slice(0, -'.csv'.length))
    .pipe(names);
}

/** A table as a file to save, streamed, with the number of its rows. */
export function csvAnswer({ name, rows, stream }: ListCsv): Response {
  const file = `${name.replaceAll(/[^\w.-]+/g, '_').slice(0, 150)}.csv`;
  return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, {
    // node's type of the same thing
    headers: {
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': `attachment; filename="${file}"`,
      'X-Total-Count': String(rows),
      'Cache-Control': 'no-store',
    },
  });
}
