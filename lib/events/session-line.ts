import 'server-only';
import * as z from 'zod';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { decodeCursor, encodeCursor } from '../db/cursor';
import { damagedSubjects, everyDamage } from '../db/evidence-damage';
import {
  type LineGroup,
  type LinePlace,
  type LineScope,
  type StandingOut,
  groupSecondsOf,
  groupsOfLine,
  placeInLine,
  stepsOfLine,
} from '../lake/query/session-line';
import type { SessionGroups, SessionSteps } from '../schemas/sessions';
import { type RequestedSession, scopeOf } from './session';

const MOST_GROUPS = 1_000;
/** Nothing for so long, and for as long as two groups last, is a gap. */
const GAP_SECONDS = 300;

type RequestedLine = RequestedSession & { only: readonly StandingOut[] };

/** The steps of a session in groups of a minute, or of longer where those are more than a thousand, in order, with the gaps between them. @throws AppError SEARCH_TOO_LARGE. */
export async function sessionGroups(ctx: Context, requested: RequestedLine): Promise<SessionGroups> {
  const scope = lineScope(ctx, requested);
  const groupSeconds = await groupSecondsOf(ctx, scope, MOST_GROUPS);
  // One more a chain that begins meanwhile.
  const groups = await groupsOfLine(ctx, scope, groupSeconds, 2 * MOST_GROUPS);
  return {
    groupSeconds,
    total: groups.reduce((sum, { records }) => sum + records, 0),
    groups: groups.map(({ start, ...group }, index) => ({
      ...group,
      cursor: placeCursor({ ...start, ordinal: start.ordinal - 1 }),
      gapSeconds: gapBefore(groups[index - 1], group, groupSeconds),
    })),
  };
}

function gapBefore(before: LineGroup | undefined, { from }: Pick<LineGroup, 'from'>, groupSeconds: number) {
  if (!before?.to || !from) return null;
  const seconds = (Date.parse(from) - Date.parse(before.to)) / 1000;
  return seconds >= Math.max(GAP_SECONDS, 2 * groupSeconds) ? seconds : null;
}

const Cursor = z.tuple([z.iso.datetime(), z.uuid(), z.number().int().min(-1)]);

function placeCursor({ at, chainId, ordinal }: LinePlace): string {
  return encodeCursor([at, chainId, ordinal]);
}

/** Steps of a session in order. @throws AppError BAD_REQUEST, SEARCH_TOO_LARGE, NOT_FOUND for a `step` that is none of it. */
export async function sessionSteps(
  ctx: Context,
  {
    step,
    cursor,
    skip,
    limit,
    ...requested
  }: RequestedLine & {
    step?: { chainId: string; ordinal: number } | undefined;
    cursor?: string | undefined;
    skip: number;
    limit: number;
  },
): Promise<SessionSteps> {
  const scope = lineScope(ctx, requested);
  const begin = step ? await placeInLine(ctx, scope, step) : null;
  if (step && !begin)
    throw new AppError('NOT_FOUND', 'the session has no such step', { chainId: step.chainId, record: step.ordinal });
  const after = begin ? { ...begin, ordinal: begin.ordinal - 1 } : cursor ? placeOf(cursor) : null;
  const damaged = damagedSubjects(await everyDamage(ctx.db));
  const found = await stepsOfLine(ctx, scope, { after, skip, limit: limit + 1, damaged });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map((item) => ({ ...item, at: item.at.startsWith('1970-01-01') ? null : item.at })),
    nextCursor: found.length > limit && last ? placeCursor(last) : null,
    before: begin?.before ?? null,
  };
}

function placeOf(cursor: string): LinePlace {
  const [at, chainId, ordinal] = decodeCursor(Cursor, cursor);
  return { at, chainId, ordinal };
}

function lineScope(ctx: Context, { only, ...requested }: RequestedLine): LineScope {
  return { ...scopeOf(ctx, requested), only };
}
