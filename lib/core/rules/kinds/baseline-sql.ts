import { type Baseline, type Excess, OVER, type Over } from './baseline-over';
import { wholeSql } from './billionths';
import type { KindSql, SqlNames } from './kind';
import { NOTHING_YET, alongSql, everyoneSql } from './past-sql';
import { conditionSql } from './windows-sql';

/** What a window is told by: `judged` says it as `standing`. */
const COLD = 1;
const TOLD = 2;
const NONE_BEFORE = 3;

/** What matches of one time add, as an Int128, and that as a number. */
const ADDED: Readonly<Record<Over, { sum: string; whole: (sum: string) => string }>> = {
  event_count: { sum: 'toInt128(sum(c))', whole: (sum) => `toFloat64(${sum})` },
  value_count: { sum: 'toInt128(countIf(t = first_in_window))', whole: (sum) => `toFloat64(${sum})` },
  value_sum: { sum: 'toInt128(sum(v * toInt128(c)))', whole: wholeSql },
};

/** What a baseline means as SQL: windows that are hits of what it narrows, held against what lies before them. */
export function baselineSql([correlation]: readonly [Baseline, ...Baseline[]], names: SqlNames): KindSql {
  const { counted, as, from } = names;
  const [plain, due, known, added, along, judged] = ['plain', 'due', 'known', 'added', 'along', 'judged'].map(
    (name) => `${counted}_${name}`,
  ) as [string, string, string, string, string, string]; // as many as there are names
  const { ctes } = OVER[correlation.over.type].sql([correlation.over], { ...names, counted: plain });
  const isRate = correlation.of === 'rate';
  const latest = (one: string) => (isRate ? '' : `, ${one} AS latest`);
  const rows = `SELECT g, t AS pos, c AS records, toUInt64(0) AS matches, toInt128(0) AS amount${latest(NOTHING_YET)} FROM ${known}
        UNION ALL SELECT g, t, toUInt64(0), matches, amount${latest('(t, at, grown)')} FROM ${added}`;
  const excess = (one: Excess) => excessSql(correlation, one, names);
  const severity = correlation.levels.map((one) => `${excess(one.excess)}, ${one.severity}`);
  return {
    isHeldAgainst: true,
    ctes: [
      ctes,
      `${due} ${as} (SELECT g, t FROM ${plain} WHERE hit AND t >= ${from})`,
      everyoneSql(known, due, names),
      `${added} ${as} (${addedSql(correlation, names, { known, due })})`,
      alongSql({ name: along, told: isRate ? 'amount' : 'latest', rows, due, past: correlation.past }, names),
      isRate
        ? rateSql(correlation, names, along, judged)
        : percentileSql(correlation, names, { along, added, judged, due, known }),
      `${counted} ${as} (
    SELECT g, t, measured, is_least AND ${excess(correlation.excess)} AS hit, toUInt8(${severity.length === 0 ? correlation.severity : `multiIf(${severity.join(', ')}, ${correlation.severity})`}) AS severity,
      multiIf(standing = ${TOLD}, toFloat64(baseline), standing = ${NONE_BEFORE}, 0., -1.) AS against
    FROM (SELECT g, t, measured, hit AS is_least FROM ${plain}) AS least_of LEFT JOIN ${judged} AS judgement USING (g, t)
  )`,
    ].join(',\n  '),
  };
}

/**
 * Matches by time: how many `matches`, what they add as `amount`, and for percentiles the window of the history they are `at` with what it has `grown` to.
 * Such windows are counted from the first record of a group, or where the history is of a length from 1970.
 */
function addedSql(
  { of, over, past, timespanMs }: Baseline,
  { seen, earlier }: SqlNames,
  { known, due }: Readonly<Record<'known' | 'due', string>>,
): string {
  const { sum } = ADDED[over.type];
  const isFromFirst = past.lengthMs === null && of !== 'rate';
  const at = `intDiv(t${isFromFirst ? ' - start' : ''}, ${timespanMs * 1000})`;
  const first = over.type === 'value_count' ? ', min(t) OVER (PARTITION BY g, at, v) AS first_in_window' : '';
  const all = `SELECT g, t, argMin(value, place) AS v FROM (SELECT g, t, id, place, value FROM ${earlier}) AS earlier LEFT SEMI JOIN (SELECT DISTINCT g FROM ${due}) AS wanted USING (g) GROUP BY g, t, id
      UNION ALL SELECT g, t, v FROM ${seen}`;
  const placed = `SELECT g, t, ${at} AS at, v, count() AS c FROM (${all}) AS all_matches${isFromFirst ? startsSql(known) : ''} GROUP BY g, t, at, v`;
  return `
    SELECT g, t, at, matches, amount, sum(amount) OVER (PARTITION BY g, at ORDER BY t ROWS UNBOUNDED PRECEDING) AS grown
    FROM (SELECT g, t, at, sum(c) AS matches, ${sum} AS amount FROM (SELECT *${first} FROM (${placed})) GROUP BY g, t, at)
  `;
}

/** When the first record of a group is, as `start`. */
function startsSql(known: string): string {
  return ` INNER JOIN (SELECT g, min(t) AS start FROM ${known} GROUP BY g) AS starting USING (g)`;
}

/** A row a window that is due: its `standing`, its `baseline` where it has one, and its share of matches. */
function judgedSql(name: string, { instant, of, warm }: Baseline, { as, bound }: SqlNames, rows: string): string {
  const isFlat = '(records_before = 0 OR ends <= begins)';
  const isEnough = `records_before >= ${bound(warm.records, 'UInt64')}${of === 'rate' ? '' : ` AND windows >= ${bound(Math.max(1, warm.windows), 'UInt64')}`}`;
  const flat = instant === 'pass' ? '0' : `${COLD}`;
  const standing = [
    `NOT (${isEnough}), ${COLD}`,
    ...(of === 'rate' && instant === 'cold' ? [`baseline <= 0, ${NONE_BEFORE}`] : []),
    `${isFlat}, ${flat}`,
    `baseline <= 0, ${NONE_BEFORE}`,
  ];
  return `${name} ${as} (
    SELECT g, t, baseline, matches_inside / records_inside AS share, toUInt8(multiIf(${standing.join(', ')}, ${TOLD})) AS standing
    FROM (${rows})
  )`;
}

function rateSql(correlation: Baseline, names: SqlNames, along: string, judged: string): string {
  const amount = ADDED[correlation.over.type].whole('amount_before');
  // without a time that it is of, the amount itself: whether there is any is asked before the rate
  const baseline = `if(records_before = 0 OR ends <= begins, ${amount}, ${amount} / ((ends - begins) / 1000) * ${correlation.timespanMs})`;
  return judgedSql(judged, correlation, names, `SELECT *, ${baseline} AS baseline FROM ${along}`);
}

/**
 * The percentile of the windows of the history. Those before the one that the history ends in are whole, and the same for all windows that are due after it;
 * that one is as far as it has grown. Put among the others it moves each value behind it by one, so that the percentile lies between two of them.
 */
function percentileSql(
  correlation: Baseline,
  names: SqlNames,
  { along, added, judged, due, known }: Readonly<Record<'along' | 'added' | 'judged' | 'due' | 'known', string>>,
): string {
  const { of, over, past, timespanMs } = correlation;
  const { whole } = ADDED[over.type];
  const level = names.bound(of === 'rate' ? 0 : of.percentile / 100, 'Float64');
  const [newest, spread] = [`${judged}_newest`, `${judged}_spread`];
  const isAll = past.lengthMs === null;
  const at = `intDiv(t - ${names.span}${isAll ? ' - start' : ''}, ${timespanMs * 1000})`;
  const since = isAll ? '' : ` AND one > at - ${Math.floor((past.lengthMs ?? 0) / timespanMs)}`;
  return `${newest} ${names.as} (
    SELECT *, intDiv(t - ${names.span} - ${isAll ? 'begins' : '0'}, ${timespanMs * 1000}) AS at, latest.1 > 0 AND latest.2 = at AS is_open, ${whole('latest.3')} AS open FROM ${along}
  ),
  ${spread} ${names.as} (
    SELECT g, at, count() AS wholes, arraySort(groupArray(size)) AS sizes, sizes[least(toInt64(wholes) - 1, toInt64(floor(wholes * ${level}))) + 1] AS closed,
      least(toInt64(wholes), toInt64(floor((wholes + 1) * ${level}))) AS place, if(place > 0, sizes[place], -inf) AS low, if(place < wholes, sizes[place + 1], inf) AS high
    FROM (SELECT DISTINCT g, ${at} AS at FROM ${due}${isAll ? startsSql(known) : ''}) AS ending
      INNER JOIN (SELECT g, at AS one, ${whole('sum(amount)')} AS size FROM ${added} GROUP BY g, one) AS windows USING (g)
    WHERE one < at${since} GROUP BY g, at
  ),
  ${judgedSql(
    judged,
    correlation,
    names,
    `SELECT *, wholes + is_open AS windows, if(is_open, if(wholes = 0, open, greatest(low, least(open, high))), closed) AS baseline
      FROM ${newest} AS ending LEFT JOIN (SELECT g, at, wholes, closed, low, high FROM ${spread}) AS before USING (g, at)`,
  )}`;
}

function excessSql({ of, atLeast }: Baseline, { ratio, cold }: Excess, { bound }: SqlNames): string {
  const number = (value: number) => bound(value, 'Float64');
  const against = `greatest(baseline, ${number(atLeast)})`;
  const ways: string[] = [];
  if (ratio) {
    const told =
      of === 'rate'
        ? conditionSql(ratio, `(measured / ${against})`, number)
        : conditionSql(ratio, 'measured', (value) => `(${number(value)} * ${against})`);
    const isAnyMore = ratio.every(({ op }) => op === 'gt' || op === 'gte' || op === 'neq');
    ways.push(`standing = ${TOLD} AND ${told}`, ...(isAnyMore ? [`standing = ${NONE_BEFORE}`] : []));
  }
  if (cold) {
    const conditions = [conditionSql(cold.measured, 'measured', number), conditionSql(cold.share, 'share', number)];
    ways.push([`standing = ${COLD}`, ...conditions.filter((one) => one !== '')].join(' AND '));
  }
  return `(${ways.map((way) => `(${way})`).join(' OR ')})`;
}
