import 'server-only';
import type { Context } from '../context';
import type { Silence } from '../core/chain/summary';

const MOST = 10;
const LEAST_SECONDS = 3600;
const TIMES_MEDIAN = 10;

/**
 * The longest silences between the records of a chain by the times they state, longest first: over one hour and over ten times the
 * median interval. Records that state no time are passed over.
 */
export async function findSilences(ctx: Context, { chainId }: { chainId: string }): Promise<Silence[]> {
  const result = await ctx.lake.query({
    query: `WITH steps AS (
        SELECT recorded_at AS until, lagInFrame(recorded_at, 1, recorded_at) OVER (ORDER BY recorded_at ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS since,
          dateDiff('microsecond', since, until) / 1e6 AS seconds
        FROM events WHERE chain_id = {chainId: UUID} AND recorded_at > toDateTime64(0, 6, 'UTC')
      ), (SELECT quantileTDigest(0.5)(seconds) FROM steps) AS median
      SELECT toString(since) AS from, toString(until) AS to, seconds FROM steps
      WHERE seconds > {least: Float64} AND seconds > {times: Float64} * median
      ORDER BY seconds DESC, since LIMIT {most: UInt32}`,
    query_params: { chainId, least: LEAST_SECONDS, times: TIMES_MEDIAN, most: MOST },
    format: 'JSONEachRow',
  });
  const rows = await result.json<Silence>();
  return rows.map(({ from, to, seconds }) => ({ from: rfc3339(from), to: rfc3339(to), seconds }));
}

/** `2026-05-11 08:00:00.123456` or the ISO form of it as RFC 3339, a fraction without trailing zeros. */
function rfc3339(text: string): string {
  const [whole = '', fraction = ''] = text.replace(' ', 'T').replace('Z', '').split('.');
  const digits = fraction.replace(/0+$/, '');
  return digits ? `${whole}.${digits}Z` : `${whole}Z`;
}
