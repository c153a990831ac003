import { microsOf } from '../../time';
import { type Params, predicateSql, text } from '../predicate-sql';
import { type Comparison, windowUs } from '../rule';
import type { EventCount } from './event-count';
import { type Compiled, MAX_FINDING_RECORDS, type RuleOf, type Searched } from './kind';

const OPERATOR: Record<Comparison, string> = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=' };

/**
 * As ClickHouse SQL over records of `[from, to)`. Windows slide: one ends at every match and reaches back the timespan,
 * both ends included (`windowUs`). Windows that reach the threshold and overlap are one finding, a row with `group_values`, `window_from` and `window_to`
 * (half-open, tight around its records), `measured.peak` (most matches in one window), `record_count`, and `records`, the first 1,000 by time
 * as `(chain_id, ordinal, segment_digest, byte_offset, byte_length, hash, recorded_at, places)`. Records that state no time take no part, and
 * a record that lies in several chains, or twice in one, counts once: its hash is what it is. Records that lack a field they are grouped by are no
 * group across chains: the last of `group_values`, behind those of the fields, is the chain of such records, and empty for others.
 * Sums run along the timeline once, so a storm of matches costs no more than its length (frames with an offset would cost its square).
 * Groups are compared by one text, in which each value stands behind its length, and not value by value: sorting by it is most of what this costs.
 * A window without any match is never looked at, so `lt` and `lte` find scarce matches, not absent ones.
 */
export function eventCountSql(rule: RuleOf<EventCount>, { from, to, table }: Searched): Compiled {
  const { groupBy, timespanMs, condition, rules } = rule.correlation;
  const params: Params = {};
  const matches = rule.bases.filter(({ name }) => rules.includes(name)).map(({ where }) => predicateSql(where, params));
  Object.assign(params, {
    table,
    from_us: microsOf(from),
    to_us: microsOf(to),
    threshold: condition.value,
    span_us: windowUs(timespanMs),
  });
  const lacks = groupBy.length > 0 ? `(${groupBy.map((field) => `${text(field)} = ''`).join(' OR ')})` : 'false';
  const group = [...groupBy.map(text), `if(${lacks}, toString(chain_id), '')`];
  const sql = `WITH
  matched AS (
    SELECT toUnixTimestamp64Micro(recorded_at) AS t, CAST([${group.join(', ')}] AS Array(String)) AS g,
      arrayStringConcat(arrayMap(value -> concat(toString(length(value)), ':', value), g)) AS k,
      toString(chain_id) AS chain, ordinal, segment_digest, byte_offset, byte_length, hash, if(hash = '', concat(chain, ':', toString(ordinal)), hash) AS id
    FROM {table:Identifier}
    WHERE recorded_at >= fromUnixTimestamp64Micro({from_us:Int64}, 'UTC') AND recorded_at < fromUnixTimestamp64Micro({to_us:Int64}, 'UTC')
      AND recorded_at > fromUnixTimestamp64Micro(toInt64(0), 'UTC') AND (${matches.join(' OR ')})
  ),
  marks AS (
    SELECT k, t, arrayJoin([(t, c, 1), (t - {span_us:Int64}, 0, -1)]) AS mark
    FROM (SELECT k, t, uniqExact(id) AS c FROM matched GROUP BY k, t)
  ),
  counted AS (
    SELECT k, t, sum(upto * mark.3) AS n, n ${OPERATOR[condition.op]} {threshold:UInt64} AS hit
    FROM (SELECT k, t, mark, sum(mark.2) OVER (PARTITION BY k ORDER BY mark.1 RANGE UNBOUNDED PRECEDING) AS upto FROM marks)
    GROUP BY k, t
  ),
  numbered AS (
    SELECT k, t, n, hit, sum(hit AND (hit_before = 0 OR t - hit_before >= {span_us:Int64})) OVER (PARTITION BY k ORDER BY t ROWS UNBOUNDED PRECEDING) AS burst
    FROM (SELECT *, maxIf(t, hit) OVER (PARTITION BY k ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS hit_before FROM counted)
  ),
  members AS (
    SELECT k, t, n, hit, minIf(burst, hit) OVER later AS finding, minIf(t, hit) OVER later - t < {span_us:Int64} AS proves
    FROM numbered WINDOW later AS (PARTITION BY k ORDER BY t DESC ROWS UNBOUNDED PRECEDING)
  ),
  cited AS (
    SELECT k, finding, id, any(g) AS values, any(matched.t) AS at, maxIf(n, hit) AS most,
      min((chain, ordinal, segment_digest, byte_offset, byte_length, hash)) AS first, arraySort(groupUniqArray((chain, ordinal))) AS places
    FROM matched INNER JOIN members ON matched.k = members.k AND matched.t = members.t
    WHERE finding > 0 AND proves
    GROUP BY k, finding, id
  )
SELECT any(values) AS group_values,
  fromUnixTimestamp64Micro(min(at), 'UTC') AS window_from,
  fromUnixTimestamp64Micro(max(at) + 1, 'UTC') AS window_to,
  map('peak', toUInt64(max(most))) AS measured,
  count() AS record_count,
  groupUniqArrayArray(arrayMap(place -> place.1, places)) AS chains,
  arrayMap(r -> (r.3.1, r.3.2, r.3.3, r.3.4, r.3.5, r.3.6, fromUnixTimestamp64Micro(r.2, 'UTC'), r.4),
    arraySort(r -> r.1, groupArrayIf((row, at, first, places), row <= ${MAX_FINDING_RECORDS}))) AS records
FROM (SELECT *, row_number() OVER (PARTITION BY k, finding ORDER BY at, first, places) AS row FROM cited)
GROUP BY k, finding
ORDER BY window_from, group_values`;
  return { sql, params };
}
