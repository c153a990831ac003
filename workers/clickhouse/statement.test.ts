import { expect, it } from 'vitest';
import { isReadOnly, placeholders, readStatement } from './statement';

it.each([
  ['SELECT 1', 'TabSeparated'],
  ['select a from t format JSONEachRow', 'JSONEachRow'],
  ['WITH 1 AS a SELECT a FORMAT CSV', 'CSV'],
  ['-- why\n/* and */ (SELECT 1) UNION ALL (SELECT 2) FORMAT JSONEachRow;', 'JSONEachRow'],
  ['SELECT 1 FORMAT JSONEachRow SETTINGS max_threads = 1', 'JSONEachRow'],
])('streams %s', (sql, format) => {
  expect(readStatement(sql, 'TabSeparated')).toEqual({ kind: 'stream', format });
});

it.each([
  'SELECT 1 FORMAT JSON',
  'SELECT 1 FORMAT CSVWithNames',
  'SHOW TABLES',
  'CREATE TABLE t (a Int8) ENGINE = Memory',
  "SELECT 1 INTO OUTFILE 'x'",
])('answers %s whole', (sql) => {
  expect(readStatement(sql, 'TabSeparated')).toEqual({ kind: 'whole', insertsBody: false });
});

it.each([
  ['INSERT INTO events FORMAT JSONEachRow', { table: 'events', columns: undefined, format: 'JSONEachRow' }],
  [
    'insert into `lake`.events (a, `b`)\nformat tsv',
    { table: 'lake.events', columns: ['a', 'b'], format: 'TabSeparated' },
  ],
])('cuts the rows of %s', (sql, want) => {
  expect(readStatement(sql, 'TabSeparated')).toEqual({ kind: 'insert', ...want });
});

it.each([
  'INSERT INTO t FORMAT CSV',
  'INSERT INTO t SELECT * FROM u',
  'INSERT INTO FUNCTION file() FORMAT JSONEachRow',
  'INSERT INTO t SETTINGS async_insert = 1 FORMAT JSONEachRow',
])('hands %s over as it is', (sql) => {
  expect(readStatement(sql, 'TabSeparated')).toEqual({ kind: 'whole', insertsBody: true });
});

it.each([
  ['INSERT INTO events (a, b) FORMAT Native', 'INSERT INTO events (a, b)'],
  ["insert into function null('a String')\nformat native;", "insert into function null('a String')"],
])('takes what follows %s for blocks', (sql, statement) => {
  expect(readStatement(sql, 'TabSeparated')).toEqual({ kind: 'insert-native', statement });
});

it('knows what only reads', () => {
  expect(['select 1', ' SHOW TABLES', 'DROP TABLE t', 'INSERT INTO t VALUES (1)'].map(isReadOnly)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('finds placeholders', () => {
  expect(placeholders('SELECT {a:String}, { b_1 : Array(String) }, {c}')).toEqual(new Set(['a', 'b_1']));
});
