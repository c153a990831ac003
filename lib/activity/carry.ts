import 'server-only';
import { CARRIER } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { formatById } from '../core/formats';
import { OWN_CHAIN } from '../core/own-chain';
import {
  type ActivityState,
  activityState,
  forgetClosedLines,
  lastCarried,
  noteCarried,
  noteNotCarried,
  wantSegmentClosed,
} from '../db/activity-state';
import { appendRecords } from '../ingest/append-records';

/** How the line of a rotation of the signing key begins. */
const ROTATION = `${formatById(OWN_CHAIN.format).opening}signing-key.rotate"`;
/** Lines of one append; none is longer than 8 KiB. */
const MOST_LINES = 1_000;

/**
 * Appends the lines that are committed to the chain in evidence, in their order, as any sender appends. What was altered in the database before is carried as
 * it lies, and told by the verdict of the chain: nothing here repairs it. Can stop and go on anywhere, and in several processes at once: an append that does
 * not follow the last line is refused. Meant to run every second. @throws as `appendRecords`; that is noted, and `/api/health` says so.
 */
export async function carryActivity(ctx: Context): Promise<void> {
  try {
    const before = await activityState(ctx.db);
    while (await carrySome(ctx));
    if (before.isRefusing || before.trouble) await recordRecovery(ctx, before);
    await forgetClosedLines(ctx.db);
  } catch (error) {
    await noteNotCarried(ctx.db, error instanceof Error ? error.message : String(error), ctx.now());
    throw error;
  }
}

/** That lines are carried again, and actions taken again, is the next line. */
async function recordRecovery(ctx: Context, before: ActivityState): Promise<void> {
  const after = await activityState(ctx.db);
  const since = before.trouble?.since.toISOString() ?? null;
  const over = [
    ...(before.isRefusing && !after.isRefusing ? (['activity.accept'] as const) : []),
    ...(before.trouble && !after.trouble ? (['activity.recover'] as const) : []),
  ];
  if (over.length === 0) return;
  await ctx.db.transaction().execute((tx) =>
    audit.appendAll(
      tx,
      over.map((action) => ({ actor: CARRIER, action, subjectId: 'chain-of-actions', details: { since } })),
    ),
  );
  await carrySome(ctx);
}

/** Whether there may be more. */
async function carrySome(ctx: Context): Promise<boolean> {
  const carried = await lastCarried(ctx.db);
  const rows = await ctx.db
    .selectFrom('activity_lines')
    .select(['seq', 'line'])
    .where('seq', '>', carried.seq)
    .where('line', 'is not', null)
    .orderBy('seq')
    .limit(MOST_LINES)
    .execute();
  const lines = rows.map(({ line }) => `${line}\n`).join('');
  if (rows.length > 0 && !(await append(ctx, lines, carried.hash))) return true;
  if (rows.some(({ line }) => line?.startsWith(ROTATION))) await wantSegmentClosed(ctx.db);
  await noteCarried(ctx.db, rows.at(-1)?.seq ?? carried.seq);
  return rows.length === MOST_LINES;
}

/** False when another process carried lines meanwhile. */
async function append(ctx: Context, lines: string, head: string | null): Promise<boolean> {
  try {
    const { problems } = await appendRecords(ctx, {
      chain: OWN_CHAIN.name,
      format: OWN_CHAIN.format,
      bytes: Buffer.from(lines),
      precondition: { kind: 'prev', hash: head ?? formatById(OWN_CHAIN.format).genesis },
      idempotency: null,
      actor: CARRIER,
    });
    for (const { code, message, record } of problems)
      ctx.log.error({ code, record }, `the chain of actions was altered in the database: ${message}`);
    return true;
  } catch (error) {
    const isAhead = error instanceof AppError && error.code === 'CONFLICT' && (await lastCarried(ctx.db)).hash !== head;
    if (!isAhead) throw error;
    return false;
  }
}
