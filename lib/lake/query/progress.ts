import 'server-only';
import type { Context } from '../../context';
import { type Parameters, select } from './events';

export type QueryProgress = { queries: number; seconds: number; rowsRead: number; rowsTotal: number };

/**
 * How far queries have come whose ids begin so; `rowsTotal` is about how many rows they will read. The embedded engine knows them by their
 * comment. Of a cluster it is what the host that answers runs.
 */
export async function progressOf(ctx: Pick<Context, 'lake'>, idBegins: string): Promise<QueryProgress> {
  const parameters: Parameters = { begins: idBegins };
  const [row] = await select<QueryProgress>(
    ctx,
    `SELECT count() AS queries, max(elapsed) AS seconds, sum(read_rows) AS rowsRead, sum(greatest(total_rows_approx, read_rows)) AS rowsTotal
      FROM system.processes WHERE startsWith(query_id, {begins: String}) OR startsWith(Settings['log_comment'], {begins: String})`,
    parameters,
  );
  return row ?? { queries: 0, seconds: 0, rowsRead: 0, rowsTotal: 0 };
}
