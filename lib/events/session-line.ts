import 'server-only';
import * as z from 'zod';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { FORMATS } from '../core/formats';
import { decodeCursor, encodeCursor } from '../db/cursor';
import { damagedSubjects, everyDamage } from '../db/evidence-damage';
import {
  GAP_SECONDS,
  type Grouping,
  type LineGroup,
  type LinePlace,
  type LineScope,
  type StandingOut,
  groupSecondsOf,
  groupsOfLine,
  placeInLine,
  stepsOfLine,
  turnGroupsOf,
} from '../lake/query/session-line';
import type { SessionGroups, SessionSteps } from '../schemas/sessions';
import { type RequestedSession, scopeOf } from './session';

const MOST_GROUPS = 1_000;
/** Kinds of events that end a turn, in any format. */
const TURN_ENDS = [...new Set(FORMATS.flatMap(({ turnEnds }) => turnEnds ?? []))];

type RequestedLine = RequestedSession & { only: readonly StandingOut[] };

/**
 * The steps of a session in groups, in order, with the gaps between them: by turn where its format states those, else by the minute, or by longer
 * where those were more than a thousand. @throws AppError SEARCH_TOO_LARGE.
 */
export async function sessionGroups(
  ctx: Context,
  { by, ...requested }: RequestedLine & { by?: 'turn' | 'minute' | undefined },
): Promise<SessionGroups> {
  const scope = lineScope(ctx, requested);
  const turns = await turnGroupsOf(ctx, scope, TURN_ENDS);
  const hasTurns = turns > 0 && turns <= MOST_GROUPS;
  const grouping: Grouping =
    hasTurns && by !== 'minute'
      ? { by: 'turn', ends: TURN_ENDS }
      : { by: 'time', seconds: await groupSecondsOf(ctx, scope, MOST_GROUPS) };
  const groupSeconds = grouping.by === 'time' ? grouping.seconds : null;
  // More may have begun meanwhile.
  const groups = await groupsOfLine(ctx, scope, grouping, 2 * MOST_GROUPS);
  return {
    groupSeconds,
    hasTurns,
    total: groups.reduce((sum, { records }) => sum + records, 0),
    groups: groups.map(({ start, ...group }, index) => ({
      ...group,
      cursor: placeCursor({ ...start, ordinal: start.ordinal - 1 }),
      gapSeconds: gapBefore(groups[index - 1], group, groupSeconds ?? 0),
    })),
  };
}

/** Nothing for five minutes, and for as long as two groups last, is a gap. */
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
