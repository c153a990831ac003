import 'server-only';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Actor } from '../access/actor';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { Tx } from '../db/database';
import { lockUntilCommit } from '../db/lock';
import { countOf, matching } from '../detect/query/findings';
import type { FindingsChange, FindingsFilter } from '../schemas/findings';
import type { FindingChange, FindingsChanged } from '../schemas/triage';
import { CHANGEABLE, writeChanges } from './write-changes';

/** Findings changed in one transaction. */
const BATCH = 500;
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * Changes several findings: those of the ids all or none, those of a query by 500, each of them whole. What is found after it began is not changed.
 * It can be asked for again: what is so already stays as it is.
 * @throws AppError CONFLICT when another number of findings matches than was expected, and nothing is changed then; BAD_REQUEST.
 */
export async function changeFindings(
  ctx: Context,
  { asked, actor }: { asked: FindingsChange; actor: Actor },
): Promise<FindingsChanged> {
  if ('query' in asked) return byQuery(ctx, asked, actor);
  const ids = [...new Set(asked.ids)];
  const changeId = randomUUID();
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'findings', '');
    const rows = await tx
      .selectFrom('findings')
      .select(CHANGEABLE)
      .where('id', 'in', ids)
      .orderBy('id')
      .forUpdate()
      .execute();
    const changed = await writeChanges(tx, rows, { change: asked.change, actor, now: ctx.now(), changeId });
    const known = new Set(rows.map(({ id }) => id));
    return {
      matched: rows.length,
      changed,
      unchanged: rows.length - changed,
      unknown: ids.filter((id) => !known.has(id)),
      changeId: changed > 0 ? changeId : null,
    };
  });
}

type ByQuery = { query: FindingsFilter; expected: number; change: FindingChange };

async function byQuery(ctx: Context, { query, expected, change }: ByQuery, actor: Actor): Promise<FindingsChanged> {
  const matched = await countOf(ctx.db, query);
  if (matched !== expected)
    throw new AppError('CONFLICT', `${matched} findings match now, and not ${expected}: look at them again`, {
      matched,
      expected,
    });
  const { rows: clock } = await sql<{ at: Date }>`SELECT now() AS at`.execute(ctx.db);
  const began = clock[0]?.at ?? ctx.now();
  const changeId = randomUUID();
  const total = { matched: 0, changed: 0, unchanged: 0, unknown: [] };
  for (let after: string | undefined = FIRST; after !== undefined; ) {
    const from: string = after;
    after = await ctx.db.transaction().execute(async (tx) => {
      // Rules that run write findings in an order of their own.
      await lockUntilCommit(tx, 'findings', '');
      const rows = await next(tx, query, from, began);
      const changed = await writeChanges(tx, rows, { change, actor, now: ctx.now(), changeId });
      total.matched += rows.length;
      total.changed += changed;
      total.unchanged += rows.length - changed;
      return rows.length === BATCH ? rows.at(-1)?.id : undefined;
    });
  }
  return { ...total, changeId: total.changed > 0 ? changeId : null };
}

function next(tx: Tx, query: FindingsFilter, after: string, began: Date) {
  return matching(tx, query)
    .where('findings.id', '>', after)
    .where('findings.found_at', '<=', began)
    .select(CHANGEABLE)
    .orderBy('findings.id')
    .limit(BATCH)
    .forUpdate()
    .execute();
}
