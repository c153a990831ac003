import { COLUMNS, type ColumnName } from './columns';
import { microsOf } from '../time';
import { toRegExp } from './pattern';
import { type Comparison, type ExampleEvent, type Predicate, type RuleFile, windowUs } from './rule';

export type FoundBurst = {
  /** Of the fields grouped by, and behind them the chain when the records lack one of these, else nothing. */
  groupValues: string[];
  /** Microseconds since 1970; half-open. */
  windowFromUs: number;
  windowToUs: number;
  peak: number;
  /** Positions in the list of events, by time. */
  records: number[];
};

/** What `compileCorrelation` means, said plainly: quadratic, for examples and for holding SQL against. */
export function evaluate(rule: RuleFile, events: readonly ExampleEvent[]): FoundBurst[] {
  const { groupBy, timespanMs, condition, rules } = rule.correlation;
  const bases = rule.bases.filter(({ name }) => rules.includes(name));
  const spanUs = windowUs(timespanMs);
  const matched = events
    .map((event, index) => ({ event, index, t: microsOf(event.recorded_at) }))
    .filter(({ event, t }) => t > 0 && bases.some(({ where }) => matches(where, event)));
  const groups = Map.groupBy(matched, ({ event }) => JSON.stringify(groupOf(groupBy, event)));
  const found: FoundBurst[] = [];
  for (const [key, group] of groups) {
    const sorted = group.toSorted((a, b) => a.t - b.t || a.index - b.index);
    const counted = sorted.map((one) => ({ ...one, n: sorted.filter(({ t }) => t <= one.t && t > one.t - spanUs).length }));
    const hits = counted.filter(({ n }) => compare(n, condition.op, condition.value));
    const bursts: (typeof hits)[] = [];
    for (const hit of hits) {
      const open = bursts.at(-1);
      const lastHit = open?.at(-1);
      if (open && lastHit && hit.t - lastHit.t < spanUs) open.push(hit);
      else bursts.push([hit]);
    }
    for (const burst of bursts) {
      const members = sorted.filter(({ t }) => burst.some((hit) => t <= hit.t && t > hit.t - spanUs));
      const times = members.map(({ t }) => t);
      found.push({
        groupValues: JSON.parse(key) as string[], // written three lines up
        windowFromUs: Math.min(...times),
        windowToUs: Math.max(...times) + 1,
        peak: Math.max(...burst.map(({ n }) => n)),
        records: members.map(({ index }) => index),
      });
    }
  }
  return found.toSorted((a, b) => a.windowFromUs - b.windowFromUs || (String(a.groupValues) < String(b.groupValues) ? -1 : 1));
}

function groupOf(groupBy: readonly ColumnName[], event: ExampleEvent): string[] {
  const values = groupBy.map((column) => text(event, column));
  return [...values, values.includes('') ? text(event, 'chain_id') : ''];
}

/** Whether a record is one the predicate describes. */
export function matches(predicate: Predicate, event: ExampleEvent): boolean {
  switch (predicate.kind) {
    case 'and':
      return predicate.of.every((part) => matches(part, event));
    case 'or':
      return predicate.of.some((part) => matches(part, event));
    case 'not':
      return !matches(predicate.of, event);
    case 'text':
      return toRegExp(predicate.pattern, predicate.cased).test(text(event, predicate.column));
    case 'regex': {
      const { i, m, s } = predicate.flags;
      return new RegExp(predicate.source, `u${i ? 'i' : ''}${m ? 'm' : ''}${s ? 's' : ''}`).test(text(event, predicate.column));
    }
    case 'number':
      return compare(Number(event[predicate.column] ?? 0), predicate.op, predicate.value);
    case 'absent':
      return COLUMNS[predicate.column] === 'text' ? text(event, predicate.column) === '' : Number(event[predicate.column] ?? 0) === 0;
  }
}

function compare(left: number, op: Comparison, right: number): boolean {
  switch (op) {
    case 'gt':
      return left > right;
    case 'gte':
      return left >= right;
    case 'lt':
      return left < right;
    case 'lte':
      return left <= right;
    case 'eq':
      return left === right;
  }
}

function text(event: ExampleEvent, column: ColumnName): string {
  return String(event[column] ?? '');
}
