import type { Past, SqlNames } from './kind';

/** Behind every time. */
const NEVER = '9000000000000000000';
/** `latest` of what has none. */
export const NOTHING_YET = '(toInt64(0), toInt64(0), toInt128(0))';

/** What is told of what lies before windows: how many records; also what matches of them add up to, and over which time; also the latest of the matches. */
type Told = 'records' | 'amount' | 'latest';

type Timeline = {
  /** Name of the CTE. */
  name: string;
  told: Told;
  /** SELECT of `g`, `pos` (a time), `records`, and as far as they are told of `amount` (Int128), `matches` and `latest`, a tuple that begins with the time. */
  rows: string;
  /** Name of what has `g` and `t` of each window that is looked at. */
  due: string;
  past: Past | undefined;
};

/**
 * What lies within windows and before them, a row a window: how many records `records_before`; where it is told `records_inside`, `matches_inside`, the
 * `amount_before` and when the past `begins` and `ends` (without any record: 0 at its end), and the `latest` of it. Added up along the timeline once, and read
 * off where windows and their pasts begin and end. The engine holds the timeline of a group as a whole, so that it has no column that is not told of.
 */
export function alongSql({ name, told, rows, due, past }: Timeline, { as, span }: SqlNames): string {
  const length = past?.lengthMs ?? null;
  const [hasAmount, hasLatest] = [told !== 'records', told === 'latest'];
  // a window holds what comes up to its end, and its past what comes up to the microsecond before it begins
  const points = [
    ...(hasAmount ? [`(t, 1)`] : []),
    `(t - ${span}, 2)`,
    ...(length === null ? [] : [`(t - ${span} - ${length * 1000}, 3)`]),
  ];
  const first = `min(if(records > 0, pos, ${NEVER}))`;
  const goesBack = hasAmount && length !== null;
  const read = [
    `sumIf(n, point = 2) - sumIf(n, point = 3) AS records_before`,
    ...(hasAmount
      ? [
          `sumIf(n, point = 1) - sumIf(n, point = 2) AS records_inside`,
          `sumIf(m, point = 1) - sumIf(m, point = 2) AS matches_inside`,
          `sumIf(a, point = 2) - sumIf(a, point = 3) AS amount_before`,
          `sumIf(begins, point = ${length === null ? 2 : 3}) AS begins`,
          `sumIf(ends, point = 2) AS ends`,
        ]
      : []),
    ...(hasLatest ? [`anyIf(newest, point = 2) AS latest`] : []),
  ];
  const added = [
    `sum(records) OVER along AS n`,
    ...(hasAmount
      ? [
          `sum(matches) OVER along AS m`,
          `sum(amount) OVER along AS a`,
          `${first} OVER ${goesBack ? 'back' : 'along'} AS begins`,
          `max(if(records > 0, pos, 0)) OVER along AS ends`,
        ]
      : []),
    ...(hasLatest ? [`max(latest) OVER along AS newest`] : []),
  ];
  const columns = [
    `toInt64(records) AS records`,
    ...(hasAmount ? [`toInt64(matches) AS matches`, `toInt128(amount) AS amount`] : []),
    ...(hasLatest ? ['latest'] : []),
  ];
  const nothing = [
    'toInt64(0)',
    ...(hasAmount ? ['toInt64(0)', 'toInt128(0)'] : []),
    ...(hasLatest ? [NOTHING_YET] : []),
  ];
  return `${name} ${as} (
    SELECT g, due AS t, ${read.join(', ')}
    FROM (
      SELECT g, due, point, ${added.join(', ')}
      FROM (
        SELECT g, pos, ${columns.join(', ')}, toUInt8(0) AS point, toInt64(0) AS due FROM (${rows})
        UNION ALL
        SELECT g, mark.1, ${nothing.join(', ')}, toUInt8(mark.2), t FROM ${due} ARRAY JOIN [${points.join(', ')}] AS mark
      )
      WINDOW along AS (PARTITION BY g ORDER BY pos, point ROWS UNBOUNDED PRECEDING)${goesBack ? ', back AS (PARTITION BY g ORDER BY pos DESC, point DESC ROWS UNBOUNDED PRECEDING)' : ''}
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
