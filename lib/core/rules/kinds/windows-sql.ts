import type { Condition, Correlation, SqlNames } from './kind';

/**
 * `counted` of what is present in a window: marks where something comes and where it goes again, added up along the timeline, once: a storm of
 * matches costs no more than its length (frames with an offset would cost its square).
 * @param marks SELECT of `g`, `pos`, `amount` (Int128), `many` (Int64), and whether a match `is_match` there.
 * @param measured of `amount` and `many` as they add up.
 */
export function countedBy(
  { marks: name, counted, as }: SqlNames,
  marks: string,
  measured: string,
  hit: string,
): string {
  return `${name} AS (${marks}),
  ${counted} ${as} (
    SELECT g, pos AS t, ${measured} AS measured, ${hit} AS hit, toUInt8(0) AS severity
    FROM (
      SELECT g, pos, is_match, sum(change) OVER along AS amount, sum(change_many) OVER along AS many
      FROM (SELECT g, pos, sum(amount) AS change, sum(many) AS change_many, max(is_match) AS is_match FROM ${name} GROUP BY g, pos)
      WINDOW along AS (PARTITION BY g ORDER BY pos ROWS UNBOUNDED PRECEDING)
    )
    WHERE is_match
  )`;
}

/** Behind every time. */
const NEVER = '9000000000000000000';

/** Marks of different values: each is present from where it occurs to where it occurs again, or leaves the window. @param values SELECT of `g`, `t`, `value`. */
export function presenceMarks({ span }: SqlNames, values: string): string {
  return `SELECT g, mark.1 AS pos, toInt128(mark.2) AS amount, toInt64(0) AS many, mark.2 > 0 AS is_match
    FROM (
      SELECT g, t, leadInFrame(t, 1, toInt64(${NEVER})) OVER (PARTITION BY g, value ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS next
      FROM (${values})
    )
    ARRAY JOIN [(t, 1), (least(t + ${span}, next), -1)] AS mark`;
}

const OPERATOR: Readonly<Record<Condition['op'], string>> = {
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  eq: '=',
  neq: '!=',
};

/** Whether all conditions hold of `left`; `right` writes what they compare with. */
export function conditionSql(conditions: readonly Condition[], left: string, right: (value: number) => string): string {
  return conditions.map(({ op, value }) => `(${left} ${OPERATOR[op]} ${right(value)})`).join(' AND ');
}

/** The same of several correlations with the same comparisons; `right` writes what each of them compares with. */
export function eachConditionSql(
  [first, ...others]: readonly [Pick<Correlation, 'conditions'>, ...Pick<Correlation, 'conditions'>[]],
  left: string,
  right: (values: number[]) => string,
): string {
  return first.conditions
    .map(({ op, value }, index) => {
      const values = others.map(({ conditions }) => conditions[index]?.value ?? value);
      return `(${left} ${OPERATOR[op]} ${right([value, ...values])})`;
    })
    .join(' AND ');
}
