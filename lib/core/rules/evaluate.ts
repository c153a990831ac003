import { microsOf } from '../time';
import type { GroupColumn } from './columns';
import { reachMs } from './compile';
import { kindOf } from './kinds';
import type { Correlation, Found, Past, Seen } from './kinds/kind';
import { matches, text } from './matches';
import { type ExampleEvent, type RuleFile, windowUs } from './rule';

type Evaluable = Pick<RuleFile, 'bases' | 'inner' | 'correlation'>;
type WithGenerated = Evaluable & Pick<RuleFile, 'generated'>;
type Timed = Omit<Seen, 'rules'>;

/** Which records are of a rule, by their place in the list; and of a correlation those that led to its hits. */
type RecordsOf = { hits: ReadonlySet<number>; near: ReadonlySet<number> };
/** A record in a group: of which rules it is there, and whether it led to a hit of an inner correlation. */
type Grouped = Seen & { isNear: boolean };
/** Windows that are hits and overlap, and what is cited of them. */
type Hit = { t: number; measured: number; severity?: number; against?: number };
type Burst = { group: string[]; hits: [Hit, ...Hit[]]; members: Grouped[] };

/**
 * What a rule finds, and behind it what those of its file find that find something by themselves: what `compileRule` means, said plainly: quadratic, for
 * examples and for holding SQL against. Records are by time, chain and ordinal, which is the place in the list where they say none.
 */
export function evaluateRule(rule: WithGenerated, events: readonly ExampleEvent[]): Found[] {
  return [rule, ...rule.generated].flatMap((one) => evaluatePart(one, events));
}

/** What one of them finds. */
export function evaluatePart(rule: Evaluable, events: readonly ExampleEvent[]): Found[] {
  const timed = events
    .map((event, index) => ({ event, index, t: microsOf(event.recorded_at) }))
    .filter(({ t }) => t > 0)
    .toSorted(byPlace);
  return burstsOf(rule, rule.correlation, timed)
    .map(({ group, hits, members }) => ({
      groupValues: group,
      windowFromUs: Math.min(...members.map(({ t }) => t)),
      windowToUs: Math.max(...members.map(({ t }) => t)) + 1,
      measured: {
        peak: Math.max(...hits.map(({ measured }) => measured)),
        severity: Math.max(...hits.map(({ severity = 0 }) => severity)),
        against: most(hits).against ?? -1,
      },
      records: members.map(({ index }) => index),
    }))
    .toSorted((a, b) => a.windowFromUs - b.windowFromUs || (String(a.groupValues) < String(b.groupValues) ? -1 : 1));
}

function burstsOf(rule: Evaluable, correlation: Correlation, events: readonly Timed[]): Burst[] {
  const { measure, isStated = () => true } = kindOf(correlation).meaning(correlation);
  const spanUs = windowUs(correlation.timespanMs);
  const reachUs = windowUs(reachMs({ inner: rule.inner, correlation }));
  const records = correlation.rules.map((name) => recordsOf(rule, name, events));
  return [...groupsOf(correlation, records, events, isStated)].flatMap(([key, members]) => {
    const all = members.toSorted((a, b) => a.t - b.t || byPlace(a, b));
    const seen = all.filter(({ rules }) => rules.size > 0);
    const everyone = correlation.past ? everyoneOf(correlation, correlation.past, seen, events) : [];
    const hits = [...new Set(seen.map(({ t }) => t))]
      .map((t) => ({
        t,
        ...measure(
          seen.filter((one) => one.t <= t && one.t > t - spanUs),
          { t, group: seen, everyone },
        ),
      }))
      .filter(({ isHit }) => isHit);
    const bursts: [Hit, ...Hit[]][] = [];
    for (const hit of hits) {
      const open = bursts.at(-1);
      const last = open?.at(-1);
      if (open && last && hit.t - last.t < spanUs) open.push(hit);
      else bursts.push([hit]);
    }
    return bursts.map((burst) => ({
      group: JSON.parse(key) as string[], // written by groupsOf
      hits: burst,
      members: all.filter(({ t, isNear }) => {
        const next = hits.find((hit) => hit.t >= t);
        return next !== undefined && burst.includes(next) && next.t - t < (isNear ? reachUs : spanUs);
      }),
    }));
  });
}

/** The one that most was measured of, the first of several. */
function most([first, ...others]: [Hit, ...Hit[]]): Hit {
  return others.reduce((a, b) => (b.measured > a.measured ? b : a), first);
}

function recordsOf(rule: Evaluable, name: string, events: readonly Timed[]): RecordsOf {
  const base = rule.bases.find((one) => one.name === name);
  if (base)
    return {
      hits: new Set(events.filter(({ event }) => matches(base.where, event)).map(({ index }) => index)),
      near: new Set(),
    };
  const correlation = rule.inner.find((one) => one.name === name)?.correlation;
  if (!correlation) throw new TypeError(`the rule ${name} is not of this file`);
  const hitTimes = new Map<string, number[]>();
  for (const { group, hits } of burstsOf(rule, correlation, events)) {
    const key = JSON.stringify(group);
    hitTimes.set(key, [...(hitTimes.get(key) ?? []), ...hits.map(({ t }) => t)]);
  }
  const { isStated = () => true } = kindOf(correlation).meaning(correlation);
  const spanUs = windowUs(correlation.timespanMs);
  const reachUs = windowUs(reachMs({ inner: rule.inner, correlation }));
  const found = { hits: new Set<number>(), near: new Set<number>() };
  for (const [index, of] of correlation.rules.map((one) => recordsOf(rule, one, events)).entries())
    for (const { event, index: at, t } of events) {
      const times = hitTimes.get(JSON.stringify(groupOf(correlation.groupColumns[index] ?? [], event))) ?? [];
      const led = (lengthUs: number) => times.some((hit) => hit >= t && hit - t < lengthUs);
      const isOf = of.hits.has(at) && isStated(event);
      if (isOf && times.includes(t)) found.hits.add(at);
      if ((isOf && led(spanUs)) || (of.near.has(at) && led(reachUs))) found.near.add(at);
    }
  return found;
}

/** Records by group: of each its rules there, and each once, as it stands first. */
function groupsOf(
  { groupColumns }: Correlation,
  records: readonly RecordsOf[],
  events: readonly Timed[],
  isStated: (event: ExampleEvent) => boolean,
): Map<string, Grouped[]> {
  const groups = new Map<string, Map<string, Grouped>>();
  for (const one of events)
    for (const [rule, { hits, near }] of records.entries()) {
      const isOf = hits.has(one.index) && isStated(one.event);
      const isNear = near.has(one.index);
      if (!isOf && !isNear) continue;
      const key = JSON.stringify(groupOf(groupColumns[rule] ?? [], one.event));
      const group = groups.get(key) ?? new Map<string, Grouped>();
      groups.set(key, group);
      // a record is what its hash says, at each time that copies of it state
      const id = `${one.t} ${one.event.hash ?? `at ${one.index}`}`;
      const before = group.get(id);
      const rules = new Set([...(before?.rules ?? []), ...(isOf ? [rule] : [])]);
      group.set(id, { ...(before ?? one), rules, isNear: isNear || before?.isNear === true });
    }
  return new Map([...groups].map(([key, group]) => [key, [...group.values()]]));
}

/** Every record of the group that the past of one is of, each once. */
function everyoneOf(
  { groupColumns: [columns = []] }: Correlation,
  { fields }: Past,
  [first]: readonly Seen[],
  events: readonly Timed[],
): Timed[] {
  const keyOf = (event: ExampleEvent) => JSON.stringify(groupOf(columns.slice(0, fields), event));
  const key = first && keyOf(first.event);
  const found = new Map<string, Timed>();
  for (const one of events)
    if (keyOf(one.event) === key) found.set(`${one.t} ${one.event.hash ?? `at ${one.index}`}`, one);
  return [...found.values()].toSorted((a, b) => a.t - b.t);
}

function byPlace(a: Timed, b: Timed): number {
  const [one, two] = [text(a.event, 'chain_id'), text(b.event, 'chain_id')];
  return one === two ? a.index - b.index : one < two ? -1 : 1;
}

function groupOf(columns: readonly GroupColumn[], event: ExampleEvent): string[] {
  const values = columns.map((column) =>
    typeof column === 'string' ? text(event, column) : text(event, column.lower).toLowerCase(),
  );
  return [...values, values.includes('') ? text(event, 'chain_id') : ''];
}
