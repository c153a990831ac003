import 'server-only';
import { ClickHouseError } from '@clickhouse/client';
import type { Context } from '../context';
import { type EventRow, refusedRow } from './event-row';
import { nativeBlock } from './native-block';
import { insertBlock } from './write';

/** A record for an INSERT, and the beginning of its line. */
export type Loaded = { row: EventRow; beginning: Uint8Array };

const BEGINNING_BYTES = 4_096;

/** `line` may be overwritten after this. */
export function loaded(row: EventRow, line: Uint8Array): Loaded {
  return { row, beginning: new Uint8Array(line.subarray(0, BEGINNING_BYTES)) };
}

type Insert = (rows: readonly EventRow[]) => Promise<void>;

/**
 * Codes of ClickHouse that say nothing of the rows: it is too busy, full, locked, or the table is not there. `system.errors` lists them.
 * 159 timeout, 202 too many queries, 209 and 210 network, 225 and 242 Keeper and read-only replica, 236 and 394 cancelled, 243 no space, 252 too many
 * parts, 60 and 81 no such table or database, 164 and 497 not allowed, 192 to 194 and 516 not signed in, 319 unknown status.
 */
const NOT_OF_ROWS = new Set([
  '159',
  '202',
  '209',
  '210',
  '225',
  '242',
  '236',
  '394',
  '243',
  '252',
  '60',
  '81',
  '164',
  '497',
  '192',
  '193',
  '194',
  '516',
  '319',
]);

/**
 * Inserts records. Those that the lake refuses are looked for by halves, and stand in it as what they are: a record of this place and hash whose
 * fields could not be stored. @throws when the lake does not answer, or refuses such a row too.
 */
export async function insertRows(
  ctx: Context,
  batch: readonly Loaded[],
  insert: Insert = (rows) => insertBlock(ctx, nativeBlock(rows)),
): Promise<void> {
  if (batch.length === 0) return;
  try {
    await insert(batch.map(({ row }) => row));
  } catch (error) {
    if (!isOfRows(error)) throw error;
    const [only] = batch;
    if (batch.length === 1 && only) return insertRefused(ctx, only, error, insert);
    const half = Math.ceil(batch.length / 2);
    await insertRows(ctx, batch.slice(0, half), insert);
    await insertRows(ctx, batch.slice(half), insert);
  }
}

/** Begins the reason of a row that stands for a record the lake refused. */
export const REFUSED = 'The lake refused this record, so that its fields cannot be searched: ';

async function insertRefused(ctx: Context, { row, beginning }: Loaded, error: Error, insert: Insert): Promise<void> {
  const [why = ''] = error.message.split('\n');
  ctx.log.error(
    { chainId: row.chainId, ordinal: row.ordinal, err: error },
    'the lake refused a record; it is stored without its fields',
  );
  await insert([refusedRow(row, beginning, `${REFUSED}${why.slice(0, 300)}`)]);
}

export function isOfRows(error: unknown): error is ClickHouseError {
  return error instanceof ClickHouseError && !NOT_OF_ROWS.has(error.code);
}
