import 'server-only';
import type { Context } from '../context';
import type { CatalogRule } from './catalog';
import type { Range } from './range';
import { hitsOf } from '../lake/query/run-rule';
import { instant } from '../lake/time';
import { toFinding } from './hit';
import type { NewFinding } from './write-findings';

/** What a rule finds in a time, across all chains. Widens the range until no finding touches its edges: then no window was cut. */
export async function runRule(
  ctx: Context,
  rule: CatalogRule,
  span: Range,
): Promise<{ range: Range; findings: NewFinding[] }> {
  const { timespanMs } = rule.correlation;
  for (let marginMs = 4 * timespanMs; ; marginMs *= 4) {
    const range = {
      from: new Date(Math.max(1, span.from.getTime() - marginMs)),
      to: new Date(span.to.getTime() + marginMs),
    };
    const findings: NewFinding[] = [];
    let cut = false;
    for await (const hit of hitsOf(ctx, rule, range)) {
      cut ||=
        instant(hit.window_from).getTime() < range.from.getTime() + 2 * timespanMs ||
        instant(hit.window_to).getTime() > range.to.getTime() - 2 * timespanMs;
      findings.push(toFinding(rule, hit));
    }
    if (!cut || range.from.getTime() === 1) return { range, findings };
  }
}
