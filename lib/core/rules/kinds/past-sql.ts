import type { Past, SqlNames } from './kind';

/** Behind every time. */
const NEVER = '9000000000000000000';
/** `latest` of what has none. */
export const NOTHING_YET = '(toInt64(0), toInt64(0), toInt128(0))';

type Timeline = {
  /** Name of the CTE. */
  name: string;
  /** SELECT of `g`, `pos` (a time), `records`, `amount` (Int128), `matches` and `latest`, a tuple that begins with the time. */
  rows: string;
  /** Name of what has `g` and `t` of each window that is looked at. */
  due: string;
  past: Past | undefined;
};

/**
 * What lies within windows and before them, a row a window: how many records `records_before` and `records_inside`, `matches_inside`, the `amount_before`,
 * when the past `begins` and `ends` (without any record: 0 at its end), and the `latest` of it. Added up along the timeline once, and read off where
 * windows and their pasts begin and end.
 */
export function alongSql({ name, rows, due, past }: Timeline, { as, span }: SqlNames): string {
  const length = past?.lengthMs ?? null;
  // a window holds what comes up to its end, and its past what comes up to the microsecond before it begins
  const points = [`(t, 1)`, `(t - ${span}, 2)`, ...(length === null ? [] : [`(t - ${span} - ${length * 1000}, 3)`])];
  const first = `min(if(records > 0, pos, ${NEVER}))`;
  const begins = length === null ? `${first} OVER along` : `${first} OVER back`;
  return `${name} ${as} (
    SELECT g, due AS t, sumIf(n, point = 2) - sumIf(n, point = 3) AS records_before, sumIf(n, point = 1) - sumIf(n, point = 2) AS records_inside,
      sumIf(m, point = 1) - sumIf(m, point = 2) AS matches_inside, sumIf(a, point = 2) - sumIf(a, point = 3) AS amount_before,
      sumIf(begins, point = ${length === null ? 2 : 3}) AS begins, sumIf(ends, point = 2) AS ends, anyIf(newest, point = 2) AS latest
    FROM (
      SELECT g, due, point, sum(records) OVER along AS n, sum(matches) OVER along AS m, sum(amount) OVER along AS a,
        ${begins} AS begins, max(if(records > 0, pos, 0)) OVER along AS ends, max(latest) OVER along AS newest
      FROM (
        SELECT g, pos, toInt64(records) AS records, toInt64(matches) AS matches, toInt128(amount) AS amount, latest, toUInt8(0) AS point, toInt64(0) AS due FROM (${rows})
        UNION ALL
        SELECT g, mark.1, toInt64(0), toInt64(0), toInt128(0), ${NOTHING_YET}, toUInt8(mark.2), t FROM ${due} ARRAY JOIN [${points.join(', ')}] AS mark
      )
      WINDOW along AS (PARTITION BY g ORDER BY pos, point ROWS UNBOUNDED PRECEDING)${length === null ? '' : ', back AS (PARTITION BY g ORDER BY pos DESC, point DESC ROWS UNBOUNDED PRECEDING)'}
    )
    WHERE point > 0 GROUP BY g, due
  )`;
}

/** Every record of the groups that windows are due of, each once: `g`, `t` and how many. */
export function everyoneSql(name: string, due: string, { as, everyone }: SqlNames): string {
  return `${name} ${as} (
    SELECT g, t, count() AS c
    FROM (SELECT g, t, sipHash64(id) AS known FROM ${everyone} LEFT SEMI JOIN (SELECT DISTINCT g FROM ${due}) AS wanted USING (g) GROUP BY g, t, known)
    GROUP BY g, t
  )`;
}
