import 'server-only';
import type { Context } from '../context';
import type { CatalogRule } from './catalog';
import type { Range } from './range';
import { pastMs, reachMs } from '../core/rules/compile';
import { hitsOf } from '../lake/query/run-rule';
import { toFinding } from './hit';
import type { NewFinding } from './write-findings';

/** Takes what a rule finds, one after another; what was found before is forgotten when it is run again. */
export type Finder = {
  add(rule: CatalogRule, finding: NewFinding): Promise<void>;
  forget(rule: CatalogRule): Promise<void>;
};

/** Behind every time that records state. */
const LATEST_MS = Date.UTC(2262, 0);

/**
 * Finds what a rule finds in a time, across all chains, and answers the time it looked at. Widens the range until no finding touches its edges:
 * then no window was cut. A record is of the history of windows after it, as far as the rule looks back: these are looked at as well.
 */
export async function runRule(ctx: Context, rule: CatalogRule, span: Range, found: Finder): Promise<Range> {
  const timespanMs = reachMs(rule);
  const historyMs = pastMs(rule);
  for (let marginMs = 4 * timespanMs; ; marginMs *= 4) {
    const range = {
      from: new Date(Math.max(1, span.from.getTime() - marginMs)),
      to: new Date(Math.min(LATEST_MS, span.to.getTime() + marginMs + historyMs)),
    };
    const isWhole = range.from.getTime() === 1;
    let cut = false;
    for await (const hit of hitsOf(ctx, rule, range)) {
      cut =
        !isWhole &&
        (hit.windowFromUs < (range.from.getTime() + 2 * timespanMs) * 1000 ||
          hit.windowToUs > (range.to.getTime() - 2 * timespanMs) * 1000);
      if (cut) break;
      await found.add(rule, toFinding(rule, hit));
    }
    if (!cut) return range;
    await found.forget(rule);
  }
}

/** All that a rule finds in a time. */
export async function findingsIn(ctx: Context, rule: CatalogRule, span: Range): Promise<NewFinding[]> {
  const findings: NewFinding[] = [];
  await runRule(ctx, rule, span, {
    add: async (_, finding) => void findings.push(finding),
    forget: async () => void findings.splice(0),
  });
  return findings;
}
