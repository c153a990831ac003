import { AppError } from '../errors';
import { compileRule } from './compile';
import { matchingSql } from './matching';
import type { Params } from './predicate-sql';
import type { RuleFile } from './rule';

/** What the engine reads of one SELECT (`max_query_size`, 256 KiB), less what is written around a rule. */
const MOST_SQL_BYTES = 250_000;
/** Which records are of a rule is asked for together with others, of which there may be so much before it. */
const MOST_MATCHING_BYTES = 150_000;
/** What is compared with stands in the address of the request, of which the engine takes a mebibyte. */
const MOST_VALUE_BYTES = 400_000;

/** Whether the engine can be asked for a rule. @throws AppError BAD_REQUEST for one that comes to more than it reads. */
export function requireSize(rule: RuleFile, fileName: string): void {
  const { sql, params } = compileRule(rule, {
    from: '2000-01-01T00:00:00Z',
    to: '2000-01-01T00:00:00Z',
    table: 'events',
  });
  const others: Params = {};
  const matching = matchingSql(rule, others);
  const refuse = (what: string, bytes: number, most: number): never => {
    const message = `comes to ${bytes} bytes of ${what}, of which the event lake reads ${most}: make several rules of it`;
    throw new AppError('BAD_REQUEST', `${fileName}:1:1: ${message}`, { file: fileName, line: 1, column: 1, path: '' });
  };
  const [sqlBytes = 0, matchingBytes = 0] = [sql, matching].map((text) => new TextEncoder().encode(text).length);
  if (sqlBytes > MOST_SQL_BYTES) refuse('SQL', sqlBytes, MOST_SQL_BYTES);
  if (matchingBytes > MOST_MATCHING_BYTES) refuse('SQL for its records', matchingBytes, MOST_MATCHING_BYTES);
  const valueBytes = Object.entries(params).reduce(
    (sum, [name, value]) => sum + `&param_${name}=${encodeURIComponent(JSON.stringify(value))}`.length,
    0,
  );
  if (valueBytes > MOST_VALUE_BYTES) refuse('values', valueBytes, MOST_VALUE_BYTES);
}
