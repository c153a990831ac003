import 'server-only';
import { ClickHouseError } from '@clickhouse/client';
import type { Context } from '../../context';
import { compileRule } from '../../core/rules/compile';
import { AppError } from '../../core/errors';
import type { RuleFile } from '../../core/rules/rule';
import { matchingRules } from './matching-rules';

/** In which nothing was recorded. */
const NEVER = { from: '1970-01-01T00:00:00.001Z', to: '1970-01-01T00:00:00.002Z' };
const SECONDS = 10;

/** Asks the engine for a rule over a time that holds nothing: whether it takes the question. @throws AppError BAD_REQUEST when it does not. */
export async function requireAnswer(
  { lake }: Pick<Context, 'lake'>,
  rule: RuleFile,
  fileName: string,
  signal?: AbortSignal,
): Promise<void> {
  const { sql, params } = compileRule(rule, { ...NEVER, table: 'events' });
  try {
    const result = await lake.query({
      query: sql,
      query_params: params,
      format: 'JSONCompactEachRow',
      clickhouse_settings: { max_execution_time: SECONDS, max_memory_usage: '1000000000' },
      ...(signal && { abort_signal: signal }),
    });
    await result.text();
    await matchingRules({ lake }, [rule], null, { from: new Date(NEVER.from), to: new Date(NEVER.to) }, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof ClickHouseError)) throw error;
    const [said = ''] = error.message.split('\n');
    const message = `the event lake does not take this rule: ${said.slice(0, 300)}`;
    const place = { file: fileName, line: 1, column: 1, path: '' };
    throw new AppError('BAD_REQUEST', `${fileName}:1:1: ${message}`, place, { cause: error });
  }
}
