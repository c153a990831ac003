import 'server-only';
import { ClickHouseError } from '@clickhouse/client';
import type { Context } from '../../context';
import { compileRule } from '../../core/rules/compile';
import { AppError } from '../../core/errors';
import { partsOf } from '../../core/rules/parts';
import type { RuleFile } from '../../core/rules/rule';
import { COLUMNS } from '../../core/event/fields';
import { matchingSql } from '../../core/rules/matching';
import type { Params } from '../../core/rules/predicate-sql';
import { select } from './events';

/** In which nothing was recorded. */
const NEVER = { from: '1970-01-01T00:00:00.001Z', to: '1970-01-01T00:00:00.002Z' };
const SECONDS = 10;
const EMPTY: Readonly<Record<(typeof COLUMNS)[number]['type'], string>> = {
  uuid: `toUUID('00000000-0000-0000-0000-000000000000')`,
  position: '0',
  sequence: '0',
  text: `''`,
  word: `''`,
  decision: `''`,
  time: `toDateTime64(1, 6, 'UTC')`,
  count32: '0',
  count53: '0',
  amount: '0.',
};

/** A record that says nothing, column by column; the engine does not know beforehand what it holds. */
const NOTHING = COLUMNS.map(({ name, type }) => `materialize(${EMPTY[type]}) AS ${name}`).join(', ');

/**
 * Asks the engine for a rule over a time that holds nothing, and whether a record that says nothing is of it: whether it takes the questions, and
 * everything that is compared with. @throws AppError BAD_REQUEST when it does not.
 */
export async function requireAnswer(
  { lake }: Pick<Context, 'lake'>,
  rule: RuleFile,
  fileName: string,
  signal?: AbortSignal,
): Promise<void> {
  try {
    for (const part of partsOf(rule)) {
      const { sql, params } = compileRule(part, { ...NEVER, table: 'events' });
      const result = await lake.query({
        query: sql,
        query_params: params,
        format: 'JSONCompactEachRow',
        clickhouse_settings: { max_execution_time: SECONDS, max_memory_usage: '1000000000' },
        ...(signal && { abort_signal: signal }),
      });
      await result.text();
    }
    const values: Params = {};
    // Nothing of it may be left out since the rest decides already.
    await select({ lake }, `SELECT (${matchingSql(rule, values)}) AS of FROM (SELECT ${NOTHING})`, values, {
      signal,
      limits: { max_execution_time: SECONDS, short_circuit_function_evaluation: 'disable' },
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof ClickHouseError)) throw error;
    const [said = ''] = error.message.split('\n');
    const message = `the event lake does not take this rule: ${said.slice(0, 300)}`;
    const place = { file: fileName, line: 1, column: 1, path: '' };
    throw new AppError('BAD_REQUEST', `${fileName}:1:1: ${message}`, place, { cause: error });
  }
}
