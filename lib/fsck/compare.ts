import { canonicalJson } from '../core/statements/dsse';
import type { Drift, Reporter } from './drift';

export type Values = Record<string, unknown>;
type Place = { chain: string | null; table: string /** What names the row. */; row: string };

/** Longest text of a value in a difference. */
const MOST_SHOWN = 200;

/** Tells of every column of a row that is not what it must be. Columns that are not expected are not compared. */
export function compareRow(report: Reporter, place: Place, expected: Values, found: Values): void {
  for (const [column, value] of Object.entries(expected)) {
    const [wanted, is] = [asText(value), asText(found[column])];
    if (wanted !== is) report.drift(differs(place, column, wanted, is));
  }
}

/** Tells of a number that is more than it can be. */
export function compareAtMost(report: Reporter, place: Place, column: string, found: number, most: number): void {
  if (found <= most) return;
  const { chain, table, row } = place;
  report.drift({
    kind: 'row-differs',
    chain,
    what: `${table}.${column} of ${row}`,
    expected: `at most ${most}`,
    found: String(found),
    at: { table, row, column },
  });
}

function differs({ chain, table, row }: Place, column: string, expected: string, found: string): Drift {
  return {
    kind: 'row-differs',
    chain,
    what: `${table}.${column} of ${row}`,
    expected: short(expected),
    found: short(found),
    at: { table, row, column },
  };
}

/** Holds rows against those that must be, by what names them: one that lacks, one too many, and columns that differ. */
export function compareRows(
  report: Reporter,
  { chain, table }: Omit<Place, 'row'>,
  expected: ReadonlyMap<string, Values>,
  found: ReadonlyMap<string, Values>,
): void {
  for (const [row, values] of expected) {
    const is = found.get(row);
    if (is) compareRow(report, { chain, table, row }, values, is);
    else
      report.drift({
        kind: 'row-missing',
        chain,
        what: `${table} ${row}`,
        expected: 'a row',
        found: 'none',
        at: { table, row, column: '*' },
      });
  }
  for (const row of found.keys())
    if (!expected.has(row))
      report.drift({
        kind: 'row-unfounded',
        chain,
        what: `${table} ${row}`,
        expected: 'no such row',
        found: 'one',
        at: { table, row, column: '*' },
      });
}

/** Values of the database and of our own as one text each, the same for the same value. */
export function asText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (typeof value === 'object') return canonicalJson(JSON.parse(JSON.stringify(value)));
  return String(value);
}

function short(text: string): string {
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}…`;
}
