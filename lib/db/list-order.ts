import { type RawBuilder, type SqlBool, sql } from 'kysely';
import * as z from 'zod';
import { decodeCursor, encodeCursor } from './cursor';
import { TimePlace, UuidCursor } from './cursor-shapes';

/** What a list can be sorted by: an expression that is never null, and what its values are in PostgreSQL. */
type SortColumn = {
  value: RawBuilder<string | number | Date>;
  type: 'text' | 'bigint' | 'timestamptz';
};
/** Of each name in an address its column; null is the id, which is made in order of time. */
export type SortColumns<T extends string> = Readonly<Record<T, SortColumn | null>>;

/** What a value of each type is in a cursor. */
const PLACE: Readonly<Record<SortColumn['type'], z.ZodType<string | number>>> = {
  text: z.string().refine((text) => !text.includes('\0')),
  bigint: z.int(),
  timestamptz: TimePlace,
};
type Placed = { id: string; place: string | number };

export type ListOrder = {
  /** Selected as `place`, for `cursorOf`. */
  place: RawBuilder<string | number>;
  orderBy: RawBuilder<unknown>;
  /** That of both. */
  direction: RawBuilder<unknown>;
  /** Whether a row comes after the place a cursor names: all of them do without one. @throws AppError BAD_REQUEST when it is none of this order. */
  after(cursor: string | undefined): RawBuilder<SqlBool>;
  cursorOf(row: Placed): string;
};

/** The order of a list, `name` upwards or `-name` downwards; rows that are equal in it stand in that of their ids, so that pages neither repeat nor miss one. */
export function listOrder<T extends string>(
  sort: T | `-${T}`,
  columns: SortColumns<T>,
  id: RawBuilder<string>,
): ListOrder {
  const isDown = sort.startsWith('-');
  const column = columns[(isDown ? sort.slice(1) : sort) as T]; // what is left of the sign is the name
  const [direction, follows] = isDown ? [sql`DESC`, sql`<`] : [sql`ASC`, sql`>`];
  if (!column) {
    return {
      place: sql<number>`0`,
      orderBy: sql`${id} ${direction}`,
      direction,
      after: (cursor) => (cursor ? sql`${id} ${follows} ${decodeCursor(UuidCursor, cursor)[0]}::uuid` : sql`true`),
      cursorOf: (row) => encodeCursor([row.id]),
    };
  }
  const type = sql.raw(column.type);
  return {
    place: placeOf(column),
    orderBy: sql`${column.value} ${direction}, ${id} ${direction}`,
    direction,
    after: (cursor) => {
      if (!cursor) return sql`true`;
      const [, place, last] = decodeCursor(z.tuple([z.literal(sort), PLACE[column.type], z.uuid()]), cursor);
      return sql`(${column.value}, ${id}) ${follows} (${place}::${type}, ${last}::uuid)`;
    },
    cursorOf: ({ place, id: last }) => encodeCursor([sort, place, last]),
  };
}

/** A time as the database has it, to the microsecond: as one of JavaScript's it would be before rows of its own millisecond. */
function placeOf({ value, type }: SortColumn): RawBuilder<string | number> {
  if (type === 'timestamptz') return sql`to_char(${value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  return value as RawBuilder<string | number>; // of the other types none is a time
}

/** Where a value stands in a list, as a number that can be sorted by: 1 is the first, 0 none of them. */
export function rankOf(column: RawBuilder<unknown>, known: readonly string[]): RawBuilder<number> {
  return sql<number>`coalesce(array_position(${sql.val(known)}::text[], ${column}::text), 0)::bigint`;
}
