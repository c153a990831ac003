import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { encodeCursor } from './cursor';
import { listOrder } from './list-order';

const ID = '019a0000-0000-7000-8000-000000000000';
const COLUMNS = {
  at: { value: sql<Date>`t.at`, type: 'timestamptz' },
  records: { value: sql<number>`t.records`, type: 'bigint' },
  name: { value: sql<string>`t.name`, type: 'text' },
} as const;

it.each([
  ['at', ['at', '0000-01-01T00:00:00Z', ID]],
  ['at', ['at', 'yesterday', ID]],
  ['at', ['-at', '2026-05-11T00:00:00Z', ID]],
  ['at', ['at', 7, ID]],
  ['records', ['records', '7', ID]],
  ['records', ['records', 1.5, ID]],
  ['name', ['name', 'a\0b', ID]],
  ['name', ['name', 'a', 'no id']],
] as const)('a list by %s refuses %j as a cursor before the database is asked', (sort, place) => {
  expect(() => listOrder(sort, COLUMNS, sql`t.id`).after(encodeCursor(place))).toThrow('not one this list gave out');
});

it.each([
  ['at', '2026-05-11T00:00:00.000Z'],
  ['records', 7],
  ['name', 'a'],
] as const)('a list by %s goes on behind %j', (sort, place) => {
  const order = listOrder(sort, COLUMNS, sql`t.id`);
  expect(order.after(order.cursorOf({ id: ID, place }))).toBeDefined();
});
