import { AppError } from '../errors';
import { compileRule } from './compile';
import type { RuleFile } from './rule';
import { partsOf } from './parts';

/** What the engine reads of one SELECT (`max_query_size`, 256 KiB), less what is written around a rule. */
const MOST_SQL_BYTES = 250_000;
/** The engine takes a second to read so many, and longer than that for each more. */
const MOST_VALUES = 1_000;
/** They stand in the address of the request, of which the engine takes a mebibyte. */
const MOST_VALUE_BYTES = 400_000;

/** Whether the engine can be asked for a rule, beside others. @throws AppError BAD_REQUEST for one that comes to more. */
export function requireSize(rule: RuleFile, fileName: string): void {
  const nothing = '2000-01-01T00:00:00Z';
  const measured = partsOf(rule).flatMap((part) => {
    const { sql, params } = compileRule(part, { from: nothing, to: nothing, table: 'events' });
    const values = Object.values(params);
    return [
      { what: 'bytes of SQL', is: new TextEncoder().encode(sql).length, most: MOST_SQL_BYTES },
      { what: 'values that fields are compared with', is: values.length, most: MOST_VALUES },
      {
        what: 'bytes of values',
        is: values.reduce((sum: number, value) => sum + encodeURIComponent(JSON.stringify(value)).length, 0),
        most: MOST_VALUE_BYTES,
      },
    ];
  });
  const over = measured.find(({ is, most }) => is > most);
  if (!over) return;
  const message = `comes to ${over.is} ${over.what}; of one rule the event lake reads ${over.most}: make several rules of it`;
  throw new AppError('BAD_REQUEST', `${fileName}:1:1: ${message}`, { file: fileName, line: 1, column: 1, path: '' });
}
