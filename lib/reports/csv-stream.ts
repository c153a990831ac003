import 'server-only';
import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { guarded } from '../schemas/csv-cell';

export type CsvCell = string | number | null | undefined;
export type CsvRow = Record<string, CsvCell>;

/**
 * A CSV (RFC 4180, UTF-8, CRLF) as a stream of any length; `bom` puts a byte-order mark before it, which Excel reads UTF-8 by. What a
 * spreadsheet would run as a formula has an apostrophe before it, at the start of a cell and of each line in one; numbers are as they are.
 */
export function csvStream(
  rows: AsyncIterable<CsvRow>,
  columns: readonly string[],
  { bom }: { bom: boolean },
): Readable {
  // The library quotes for the two bytes of its own line end, not for one of them.
  const csv = stringify({
    header: true,
    columns: [...columns],
    bom,
    record_delimiter: '\r\n',
    quoted_match: /[\r\n]/,
    cast: { string: (cell) => guarded(cell) },
  });
  const source = Readable.from(rows, { objectMode: true }).on('error', (error) => csv.destroy(error));
  // Whoever stops reading ends what is asked of the stores, too.
  csv.once('close', () => source.destroy());
  source.pipe(csv);
  return csv;
}

/** The same rows; `onRow` is told of each. */
export async function* counted<Row>(
  rows: AsyncIterable<Row> | Iterable<Row>,
  onRow: () => void,
): AsyncGenerator<Row, void, undefined> {
  for await (const row of rows) {
    onRow();
    yield row;
  }
}
