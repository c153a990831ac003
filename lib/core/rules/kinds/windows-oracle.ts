import { microsOf } from '../../time';
import { type ColumnName, isAmount } from '../columns';
import { compare, matches, text } from '../matches';
import { type ExampleEvent, windowUs } from '../rule';
import type { Condition, Correlation, Found, RuleOf } from './kind';

/** A record in a window: its time, and which rules of the correlation it is of. */
export type Seen = { event: ExampleEvent; index: number; t: number; rules: ReadonlySet<number> };
/** What a window comes to: what is measured of it, and whether that is what the rule asks for. */
export type Measure = (window: readonly Seen[]) => { measured: number; isHit: boolean };

/**
 * What `windowsSql` means, said plainly: quadratic, for examples and for holding SQL against. A window ends at every record and holds those up to a
 * timespan before it, by time, chain and ordinal, which is the place in the list where a record says none.
 */
export function evaluateWindows<C extends Correlation>(
  { correlation, bases }: RuleOf<C>,
  events: readonly ExampleEvent[],
  measure: Measure,
  isStated: (event: ExampleEvent) => boolean = () => true,
): Found[] {
  const spanUs = windowUs(correlation.timespanMs);
  const groups = groupsOf(
    correlation,
    bases,
    events
      .map((event, index) => ({ event, index, t: microsOf(event.recorded_at) }))
      .filter(({ event, t }) => t > 0 && isStated(event)),
  );
  const found: Found[] = [];
  for (const [key, group] of groups) {
    const sorted = group.toSorted(inOrder);
    const times = [...new Set(sorted.map(({ t }) => t))];
    const hits = times
      .map((t) => ({ t, ...measure(sorted.filter((one) => one.t <= t && one.t > t - spanUs)) }))
      .filter(({ isHit }) => isHit);
    const bursts: (typeof hits)[] = [];
    for (const hit of hits) {
      const open = bursts.at(-1);
      const lastHit = open?.at(-1);
      if (open && lastHit && hit.t - lastHit.t < spanUs) open.push(hit);
      else bursts.push([hit]);
    }
    for (const burst of bursts) {
      const members = sorted.filter(({ t }) => burst.some((hit) => t <= hit.t && t > hit.t - spanUs));
      found.push({
        groupValues: JSON.parse(key) as string[], // written by groupsOf
        windowFromUs: Math.min(...members.map(({ t }) => t)),
        windowToUs: Math.max(...members.map(({ t }) => t)) + 1,
        measured: { peak: Math.max(...burst.map(({ measured }) => measured)) },
        records: members.map(({ index }) => index),
      });
    }
  }
  return found.toSorted(
    (a, b) => a.windowFromUs - b.windowFromUs || (String(a.groupValues) < String(b.groupValues) ? -1 : 1),
  );
}

type Timed = Omit<Seen, 'rules'>;

/** Records by group: of each its rules there, and each once, as it stands first. */
function groupsOf(
  { rules, groupColumns }: Correlation,
  bases: RuleOf<Correlation>['bases'],
  events: readonly Timed[],
): Map<string, Seen[]> {
  const groups = new Map<string, Map<string, Seen>>();
  for (const one of events.toSorted(byPlace))
    for (const [rule, name] of rules.entries()) {
      const base = bases.find((candidate) => candidate.name === name);
      if (!base || !matches(base.where, one.event)) continue;
      const key = JSON.stringify(groupOf(groupColumns[rule] ?? [], one.event));
      const group = groups.get(key) ?? new Map<string, Seen>();
      groups.set(key, group);
      // a record is what its hash says, at each time that copies of it state
      const id = `${one.t} ${one.event.hash ?? `at ${one.index}`}`;
      const before = group.get(id);
      group.set(id, { ...(before ?? one), rules: new Set([...(before?.rules ?? []), rule]) });
    }
  return new Map([...groups].map(([key, group]) => [key, [...group.values()]]));
}

function byPlace(a: Timed, b: Timed): number {
  const [one, two] = [text(a.event, 'chain_id'), text(b.event, 'chain_id')];
  return one === two ? a.index - b.index : one < two ? -1 : 1;
}

function inOrder(a: Timed, b: Timed): number {
  return a.t - b.t || byPlace(a, b);
}

function groupOf(columns: readonly Parameters<typeof text>[1][], event: ExampleEvent): string[] {
  const values = columns.map((column) => text(event, column));
  return [...values, values.includes('') ? text(event, 'chain_id') : ''];
}

export function holds(conditions: readonly Condition[], left: number): boolean {
  return conditions.every(({ op, value }) => (op === 'neq' ? left !== value : compare(left, op, value)));
}

/** A number in billionths. */
export function billionths(value: number): bigint {
  return BigInt(Math.floor(value * 1e9 + 0.5));
}

/** A field of numbers in billionths, which add up exactly. */
export function billionthsOf(event: ExampleEvent, column: ColumnName): bigint {
  const value = Number(event[column] ?? 0);
  return isAmount(column) ? billionths(value) : BigInt(value) * 1_000_000_000n;
}

/** Billionths as what they are of. */
export function whole(amount: bigint): number {
  return Number(amount / 1_000_000_000n) + Number(amount % 1_000_000_000n) / 1e9;
}
