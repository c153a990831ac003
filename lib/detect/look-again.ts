import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { wholePastMs } from '../core/rules/parts';
import type { Db } from '../db/database';
import { lockUntilCommit } from '../db/lock';
import { recordsBetween } from '../lake/query/totals';
import type { CatalogRule } from './catalog';
import { FoundFindings } from './found-findings';
import { type Range, spanOfBoth } from './range';
import { type Look, recordLook } from './rule-looks';
import { runRules } from './run-rule';
import { writeFindings } from './write-findings';

/** Asked before rules read the lake: what other looks keep from then on is behind it. */
export async function beginLook({ db }: Pick<Context, 'db'>): Promise<string> {
  const { rows } = await sql<{ id: string }>`SELECT uuidv7() AS id`.execute(db);
  return rows[0]?.id ?? '';
}

/** A look that was kept: where it began, its id, and the time that each rule's findings were written of. */
type Kept = { begun: string; id: string | null; looked: ReadonlyMap<CatalogRule, Range> };

/** What is kept of a look but what came of it; `begunMs` is of this process. */
type About = Omit<Look, 'outcomes' | 'elapsedMs'> & { begunMs: number };

/** Runs rules, each over a time of its own, keeps what they find and that they looked, and looks again where others had something new meanwhile. */
export async function look(
  ctx: Context,
  times: ReadonlyMap<CatalogRule, Range>,
  about: About,
  signal?: AbortSignal,
): Promise<void> {
  await lookAgain(ctx, await lookOnce(ctx, times, about, signal), signal);
}

async function lookOnce(
  ctx: Context,
  times: ReadonlyMap<CatalogRule, Range>,
  { begunMs, ...about }: About,
  signal?: AbortSignal,
): Promise<Kept> {
  const begun = await beginLook(ctx);
  return ctx.db.connection().execute(async (db) => {
    const found = new FoundFindings(db);
    const { looked, outcomes } = await runRules(ctx, times, found, signal);
    const id = await found.transaction(async (tx) => {
      await lockUntilCommit(tx, 'findings', '');
      await writeFindings(ctx, tx, looked, found, ctx.now());
      return recordLook(ctx, tx, { ...about, outcomes, elapsedMs: performance.now() - begunMs });
    });
    await found.end();
    return { begun, id, looked };
  });
}

/**
 * Rules write what was there when they began to look, also over what others found meanwhile of records that had come by then. Where others had something new
 * since, in the time that was written, those rules look again, until nobody had. Ended before, the job that was looking does all of it again.
 */
export async function lookAgain(ctx: Context, kept: Kept, signal?: AbortSignal): Promise<void> {
  for (let last = kept, times = await newSince(ctx.db, last); times.size > 0; times = await newSince(ctx.db, last)) {
    const begunMs = performance.now();
    const window = [...times.values()].reduce(spanOfBoth);
    const records = await recordsBetween(ctx, window);
    const about = { how: 'again', rules: [...times.keys()], window, chains: null, records, begunMs } as const;
    last = await lookOnce(ctx, times, about, signal);
  }
}

/** By rule, the time in which other looks had something new since one began, as far as it was written. Looks again had nothing new. */
async function newSince(db: Db, { begun, id, looked }: Kept): Promise<Map<CatalogRule, Range>> {
  const rows = await db
    .selectFrom('rule_looks as l')
    .innerJoin('rule_look_results as r', 'r.look_id', 'l.id')
    .where('l.id', '>', begun)
    .where('l.how', 'in', ['appended', 'chain'])
    .$if(id !== null, (query) => query.where('l.id', '!=', id ?? ''))
    .select(['r.rule_digest', 'l.window_from', 'l.window_to'])
    .execute();
  const times = new Map<CatalogRule, Range>();
  for (const [rule, range] of looked)
    for (const { rule_digest: digest, window_from: from, window_to: to } of rows) {
      if (digest !== rule.digest || !from || !to) continue;
      // a record is of the history of windows behind it as well
      const until = Math.min(range.to.getTime(), to.getTime() + wholePastMs(rule));
      const time = { from: from > range.from ? from : range.from, to: new Date(until) };
      if (time.from < time.to) times.set(rule, spanOfBoth(times.get(rule) ?? time, time));
    }
  return times;
}
