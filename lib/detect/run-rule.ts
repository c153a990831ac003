import 'server-only';
import type { Context } from '../context';
import type { CatalogRule } from './catalog';
import { type Range, spanOfBoth } from './range';
import { type Part, partsOf, wholePastMs, wholeReachMs } from '../core/rules/parts';
import { ableRules } from '../lake/query/able-rules';
import type { Hit } from '../core/rules/kinds/hits';
import { batchesOf, hasMuch, hitsOf, hitsOfMany, hitsTogether } from '../lake/query/run-rule';
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
/** How much further each time that a window may be cut. */
const MARGIN_GROWS = 4;

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
  const tookMs = new Map<CatalogRule, number>();
  /** Runs rules of one batch. Answers those that have to be run again, further around. */
  const attempt = async (rules: readonly CatalogRule[], margin: number): Promise<CatalogRule[]> => {
    signal?.throwIfAborted();
    const begunMs = performance.now();
    const runs = rules.flatMap((rule) => {
      const span = times.get(rule);
      return span ? [{ rule, time: around(rule, span, margin) }] : [];
    });
    try {
      const ran = await runOnce(ctx, runs, found, isMuch);
      const share = (performance.now() - begunMs) / rules.length;
      for (const rule of rules) tookMs.set(rule, (tookMs.get(rule) ?? 0) + share);
      for (const [rule, { range, findings }] of ran) {
        looked.set(rule, range);
        outcomes.set(rule, { kind: 'ran', findings, elapsedMs: tookMs.get(rule) ?? share });
      }
      return rules.filter((rule) => !ran.has(rule));
    } catch (error) {
      signal?.throwIfAborted();
      for (const rule of rules) await found.forget(rule);
      const [only, ...others] = rules;
      if (only && others.length === 0) {
        if (!(await setAside(ctx, only, error))) throw error;
        ctx.log.warn({ err: error, ruleId: only.id }, 'a rule was taken out: the event lake failed at it');
        looked.delete(only);
        tookMs.delete(only);
        outcomes.set(only, { kind: 'failed', findings: 0, elapsedMs: performance.now() - begunMs });
        return [];
      }
      // One of them may be what the lake fails at.
      ctx.log.warn({ err: error, rules: rules.length }, 'rules were not run together; each is run by itself');
      const again: CatalogRule[] = [];
      for (const rule of rules) again.push(...(await attempt([rule], margin)));
      return again;
    }
  };
  const able = await ableRules(ctx, looked, signal);
  const isMuch = able.size > 0 && (await hasMuch(ctx, wholeOf([...looked.values()])));
  const recordsOf = (rule: CatalogRule) =>
    able.get(rule) ?? (isMuch ? Number.POSITIVE_INFINITY : (times.get(rule)?.records ?? 0));
  let due = [...able.keys()];
  for (let margin = FIRST_MARGIN; due.length > 0; margin *= MARGIN_GROWS) {
    const again: CatalogRule[] = [];
    for (const rules of batchesOf(due, recordsOf)) again.push(...(await attempt(rules, margin)));
    due = again;
  }
  await addCosts(ctx, tookMs);
  return { looked, outcomes };
}

/** The least time that holds all of these. */
function wholeOf([first, ...others]: readonly Range[]): Range {
  if (!first) throw new RangeError('no time');
  return others.reduce(spanOfBoth, first);
}

const UNABLE: Outcome = { kind: 'unable', findings: 0, elapsedMs: 0 };

/** A rule, and the time that it looks at. */
type Run = { rule: CatalogRule; time: Range };
/** The time that a rule looked at, and how many findings there are. */
type Ran = { range: Range; findings: number };

/** Finds what rules of a batch find. Those of which a finding touches the edges of the time are left out, and nothing of them is kept: a window may be cut. */
async function runOnce(
  ctx: Context,
  runs: readonly Run[],
  found: Finder,
  isMuch: boolean,
): Promise<Map<CatalogRule, Ran>> {
  const ran = new Map(runs.map(({ rule, time }): [CatalogRule, Ran] => [rule, { range: time, findings: 0 }]));
  for await (const { rule, part, hit } of hitsOfRuns(ctx, runs, isMuch)) {
    const one = ran.get(rule);
    if (!one) continue;
    if (isCut(rule, one.range, hit)) {
      ran.delete(rule);
      await found.forget(rule);
      if (ran.size === 0) break;
    } else {
      await found.add(rule, toFinding(rule, part, hit));
      one.findings += 1;
    }
  }
  return ran;
}

/** What a rule finds, one of its parts after another, in slices where there `isMuch`; and of several, which have one each, what they find together. */
async function* hitsOfRuns(
  ctx: Context,
  runs: readonly Run[],
  isMuch: boolean,
): AsyncGenerator<{ rule: CatalogRule; part: Part; hit: Hit }> {
  const [first, ...others] = runs;
  if (first && others.length === 0) {
    const { rule, time } = first;
    for (const part of partsOf(rule))
      for await (const hit of isMuch ? hitsOfMany(ctx, part, time) : hitsOf(ctx, part, time)) yield { rule, part, hit };
    return;
  }
  for await (const hit of hitsTogether(ctx, runs)) {
    const rule = runs[hit.rule]?.rule;
    if (rule) yield { rule, part: partsOf(rule)[0], hit };
  }
}

/** Whether the window may go on behind the edges of the time. */
function isCut(rule: CatalogRule, { from, to }: Range, hit: Hit): boolean {
  const marginMs = 2 * wholeReachMs(rule);
  return (
    from.getTime() !== 1 &&
    (hit.windowFromUs < (from.getTime() + marginMs) * 1000 || hit.windowToUs > (to.getTime() - marginMs) * 1000)
  );
}

/** The time, and so many windows on both sides. A record is of the history of windows after it, as far as the rule looks back: these are looked at as well. */
function around(rule: CatalogRule, { from, to }: Range, margin: number): Range {
  const marginMs = margin * wholeReachMs(rule);
  return {
    from: new Date(Math.max(1, from.getTime() - marginMs)),
    to: new Date(Math.min(LATEST_MS, to.getTime() + marginMs + wholePastMs(rule))),
  };
}

/** All that a rule finds in a time, across all chains. Widens the time until no finding touches its edges. */
export async function findingsOfRule(ctx: Context, rule: CatalogRule, span: Range): Promise<NewFinding[]> {
  for (let margin = FIRST_MARGIN; ; margin *= MARGIN_GROWS) {
    const findings: NewFinding[] = [];
    const finder = {
      add: async (_: CatalogRule, finding: NewFinding) => void findings.push(finding),
      forget: async () => undefined,
    };
    const ran = await runOnce(ctx, [{ rule, time: around(rule, span, margin) }], finder, true);
    if (ran.has(rule)) return findings;
  }
}
