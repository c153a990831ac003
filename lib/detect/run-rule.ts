import 'server-only';
import type { Context } from '../context';
import type { CatalogRule } from './catalog';
import type { Range } from './range';
import { shapeOf } from '../core/rules/compile';
import { type Part, partsOf, wholePastMs, wholeReachMs } from '../core/rules/parts';
import { ableRules } from '../lake/query/able-rules';
import type { Hit } from '../core/rules/kinds/hits';
import { hitsOf, hitsTogether, runTogether } from '../lake/query/run-rule';
import { toFinding } from './hit';
import { setAside } from './own-rules/set-aside';
import { addCosts } from './rule-costs';
import type { NewFinding } from './write-findings';

/** Takes what a rule finds, one after another; what was found before is forgotten when it is run again. */
export type Finder = {
  add(rule: CatalogRule, finding: NewFinding): Promise<void>;
  forget(rule: CatalogRule): Promise<void>;
};

/** Behind every time that records state. */
const LATEST_MS = Date.UTC(2262, 0);

/** How far around a time a rule looks first, in lengths of its windows. */
const FIRST_MARGIN = 4;

/** What came of a rule that has records in the time it looked at: `unable` lacked what any finding takes, or what lies before it, and was not run, `failed` was taken out. */
export type Outcome = { kind: 'ran' | 'unable' | 'failed'; findings: number; elapsedMs: number };

/** When records that are new to a rule are, and how many there are, where that is known. */
type New = Range & { records?: number };

/**
 * Finds what rules find, each in a time of its own, and answers the time each `looked` at and what came of each. Those that lack the records a finding
 * takes are not run. Those of one shape are run together, and the time that takes is shared among them. A rule of one's own that the lake fails at is
 * taken out, and has no time.
 */
export async function runRules(
  ctx: Context,
  times: ReadonlyMap<CatalogRule, New>,
  found: Finder,
  signal?: AbortSignal,
): Promise<{ looked: Map<CatalogRule, Range>; outcomes: Map<CatalogRule, Outcome> }> {
  const outcomes = new Map([...times.keys()].map((rule) => [rule, UNABLE]));
  const looked = new Map([...times].map(([rule, span]) => [rule, around(rule, span, FIRST_MARGIN)]));
  const able = await ableRules(ctx, looked, signal);
  const note = (rule: CatalogRule, { range, findings }: Ran, elapsedMs: number) => {
    looked.set(rule, range);
    outcomes.set(rule, { kind: 'ran', findings, elapsedMs: (outcomes.get(rule)?.elapsedMs ?? 0) + elapsedMs });
  };
  const runAlone = async (rule: CatalogRule, span: Range) => {
    signal?.throwIfAborted();
    const begunMs = performance.now();
    try {
      note(rule, await runRule(ctx, rule, span, found), performance.now() - begunMs);
    } catch (error) {
      if (!(await setAside(ctx, rule, error))) throw error;
      ctx.log.warn({ err: error, ruleId: rule.id }, 'a rule was taken out: the event lake failed at it');
      await found.forget(rule);
      looked.delete(rule);
      outcomes.set(rule, { kind: 'failed', findings: 0, elapsedMs: performance.now() - begunMs });
    }
  };
  const alone = [...able.keys()].filter((rule) => rule.generated.length > 0 || shapeOf(rule) === null);
  let due = [...able.keys()].filter((rule) => !alone.includes(rule));
  for (let margin = FIRST_MARGIN; due.length > 0; margin *= 4) {
    const cut: CatalogRule[] = [];
    for (const rules of runTogether(due, (rule) => able.get(rule) ?? times.get(rule)?.records ?? 0)) {
      signal?.throwIfAborted();
      const begunMs = performance.now();
      try {
        const runs = rules.flatMap((rule) => {
          const span = times.get(rule);
          return span ? [{ rule, time: around(rule, span, margin) }] : [];
        });
        const ran = await runOnce(ctx, runs, found);
        const share = (performance.now() - begunMs) / rules.length;
        for (const [rule, one] of ran) note(rule, one, share);
        cut.push(...rules.filter((rule) => !ran.has(rule)));
      } catch (error) {
        signal?.throwIfAborted();
        // One of them may be what the lake fails at.
        ctx.log.warn({ err: error, rules: rules.length }, 'rules were not run together; each is run by itself');
        for (const rule of rules) {
          await found.forget(rule);
          const span = times.get(rule);
          if (span) await runAlone(rule, span);
        }
      }
    }
    due = cut;
  }
  for (const rule of alone) {
    const span = times.get(rule);
    if (span) await runAlone(rule, span);
  }
  const ran = [...outcomes].filter(([, { kind }]) => kind === 'ran');
  await addCosts(ctx, new Map(ran.map(([rule, { elapsedMs }]) => [rule, elapsedMs])));
  return { looked, outcomes };
}

const UNABLE: Outcome = { kind: 'unable', findings: 0, elapsedMs: 0 };

/** The time that a rule looked at, and how many findings there are. */
type Ran = { range: Range; findings: number };

/** Finds what rules of one shape find. Those of which a finding touches the edges of the time are left out, and nothing of them is kept. */
async function runOnce(
  ctx: Context,
  runs: readonly { rule: CatalogRule; time: Range }[],
  found: Finder,
): Promise<Map<CatalogRule, Ran>> {
  const ran = new Map(runs.map(({ rule, time }): [CatalogRule, Ran] => [rule, { range: time, findings: 0 }]));
  for await (const hit of hitsTogether(ctx, runs)) {
    const rule = runs[hit.rule]?.rule;
    const one = rule && ran.get(rule);
    if (!rule || !one) continue;
    if (isCut(rule, one.range, hit)) {
      ran.delete(rule);
      await found.forget(rule);
    } else {
      await found.add(rule, toFinding(rule, partsOf(rule)[0], hit));
      one.findings += 1;
    }
  }
  return ran;
}

/** Whether the window may go on behind the edges of the time. */
function isCut(rule: CatalogRule, { from, to }: Range, hit: Hit): boolean {
  const marginMs = 2 * wholeReachMs(rule);
  return (
    from.getTime() !== 1 &&
    (hit.windowFromUs < (from.getTime() + marginMs) * 1000 || hit.windowToUs > (to.getTime() - marginMs) * 1000)
  );
}

/**
 * Finds what a rule finds in a time, across all chains, and answers the time it looked at and how many there were. Widens the range until no finding touches its edges:
 * then no window was cut.
 */
async function runRule(ctx: Context, rule: CatalogRule, span: Range, found: Finder): Promise<Ran> {
  for (let margin = FIRST_MARGIN; ; margin *= 4) {
    const range = around(rule, span, margin);
    let cut = false;
    let findings = 0;
    for await (const { part, hit } of hitsOfParts(ctx, rule, range)) {
      cut = isCut(rule, range, hit);
      if (cut) break;
      await found.add(rule, toFinding(rule, part, hit));
      findings += 1;
    }
    if (!cut) return { range, findings };
    await found.forget(rule);
  }
}

/** What each part of a rule finds, one part after another. */
async function* hitsOfParts(ctx: Context, rule: CatalogRule, range: Range): AsyncGenerator<{ part: Part; hit: Hit }> {
  for (const part of partsOf(rule)) for await (const hit of hitsOf(ctx, part, range)) yield { part, hit };
}

/** The time, and so many windows on both sides. A record is of the history of windows after it, as far as the rule looks back: these are looked at as well. */
function around(rule: CatalogRule, { from, to }: Range, margin: number): Range {
  const marginMs = margin * wholeReachMs(rule);
  return {
    from: new Date(Math.max(1, from.getTime() - marginMs)),
    to: new Date(Math.min(LATEST_MS, to.getTime() + marginMs + wholePastMs(rule))),
  };
}

/** All that a rule finds in a time. */
export async function findingsOfRule(ctx: Context, rule: CatalogRule, span: Range): Promise<NewFinding[]> {
  const findings: NewFinding[] = [];
  await runRule(ctx, rule, span, {
    add: async (_, finding) => void findings.push(finding),
    forget: async () => void findings.splice(0),
  });
  return findings;
}
