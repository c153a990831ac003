import { microsOf } from '../../time';
import type { TextColumn } from '../columns';
import { compare, matches, text } from '../matches';
import { type ExampleEvent, windowUs } from '../rule';
import type { EventCount } from './event-count';
import type { Found, RuleOf } from './kind';

/** What `eventCountSql` means, said plainly: quadratic, for examples and for holding SQL against. */
export function evaluateEventCount(rule: RuleOf<EventCount>, events: readonly ExampleEvent[]): Found[] {
  const { groupBy, timespanMs, condition, rules } = rule.correlation;
  const bases = rule.bases.filter(({ name }) => rules.includes(name));
  const spanUs = windowUs(timespanMs);
  const matched = events
    .map((event, index) => ({ event, index, t: microsOf(event.recorded_at) }))
    .filter(({ event, t }) => t > 0 && bases.some(({ where }) => matches(where, event)));
  const groups = Map.groupBy(matched, ({ event }) => JSON.stringify(groupOf(groupBy, event)));
  const found: Found[] = [];
  for (const [key, group] of groups) {
    const sorted = group.toSorted((a, b) => a.t - b.t || a.index - b.index);
    const counted = sorted.map((one) => ({
      ...one,
      n: sorted.filter(({ t }) => t <= one.t && t > one.t - spanUs).length,
    }));
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
        measured: { peak: Math.max(...burst.map(({ n }) => n)) },
        records: members.map(({ index }) => index),
      });
    }
  }
  return found.toSorted(
    (a, b) => a.windowFromUs - b.windowFromUs || (String(a.groupValues) < String(b.groupValues) ? -1 : 1),
  );
}

function groupOf(groupBy: readonly TextColumn[], event: ExampleEvent): string[] {
  const values = groupBy.map((column) => text(event, column));
  return [...values, values.includes('') ? text(event, 'chain_id') : ''];
}
