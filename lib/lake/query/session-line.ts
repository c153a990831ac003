import 'server-only';
import type { Context } from '../../context';
import type { ChainRecord } from '../../schemas/chains';
import { instantText, isUnknownTime, lakeInstant } from '../time';
import { EVENTS, IS_TIMED, type Parameters } from './events';
import { type Damaged, INTEGRITY, damageParameters } from './integrity';
import { RECORD_COLUMNS, shownRecord } from './page';
import { answerOf } from './search';
import { FIGURES, type Figures, IS_BELIEVED, type SessionScope, ofSession } from './session';

/** Steps that stand out. */
const STANDING_OUT = {
  denied: `decision = 'deny'`,
  redacted: 'secrets_redacted > 0',
} as const;
export type StandingOut = keyof typeof STANDING_OUT;

/** A session as one line: all of its steps, or only those that stand out in one of some ways. */
export type LineScope = SessionScope & { only: readonly StandingOut[] };

/**
 * A place in the line. `at` is the time a step has in it: the latest its chain has stated up to it, or the first it states where it has not yet.
 * So each chain keeps its own order, whatever its clock does, and several are merged by time. 1970 where a chain states none.
 */
export type LinePlace = { at: string; chainId: string; ordinal: number };

const EPOCH = `toDateTime64(0, 6, 'UTC')`;
const BELIEVED_TIME = `if(${IS_BELIEVED}, recorded_at, ${EPOCH})`;
const LATEST = `{latest: DateTime64(6, 'UTC')}`;
const PLACE = '(line_at, chain_id, toInt64(ordinal))';

/** The steps with their time in the line, as a table, with its parameters; the filter comes behind the order. */
function lineOf(scope: LineScope): { line: string; parameters: Parameters } {
  const { condition, parameters } = ofSession(scope);
  const line = `(SELECT *, if(first = ${LATEST}, so_far, greatest(first, so_far)) AS line_at FROM (
      SELECT chain_id, ordinal, recorded_at, kind, decision, secrets_redacted, input_tokens, output_tokens, cost_usd,
        max(${BELIEVED_TIME}) OVER (PARTITION BY chain_id ORDER BY ordinal ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS so_far,
        min(if(${IS_BELIEVED}, recorded_at, ${LATEST})) OVER (PARTITION BY chain_id) AS first
      FROM ${EVENTS} WHERE ${condition}) ${filterOf(scope)})`;
  return { line, parameters };
}

function filterOf({ only }: Pick<LineScope, 'only'>): string {
  return only.length === 0 ? '' : `WHERE ${only.map((way) => `(${STANDING_OUT[way]})`).join(' OR ')}`;
}

/** Lengths of groups, in seconds: a minute, unless a session is too long for so many. */
const GROUP_SECONDS = [60, 300, 900, 3_600, 21_600, 86_400, 604_800, 2_592_000, 31_536_000] as const;
/** A turn in which nothing was recorded for so long is two groups, so that the gap is between them. */
export const GAP_SECONDS = 300;

/** How steps are put together: by time, or by the turns that records of some kinds end. */
export type Grouping = { by: 'time'; seconds: number } | { by: 'turn'; ends: readonly string[] };

/** The shortest length of groups that gives at most `most` of them. */
export async function groupSecondsOf(ctx: Pick<Context, 'lake'>, scope: LineScope, most: number): Promise<number> {
  const { line, parameters } = lineOf(scope);
  const [row] = await answerOf<{ groups: number[] }>(
    ctx,
    scope,
    `SELECT [${GROUP_SECONDS.map((seconds) => `uniqExact(${groupAt(seconds)})`).join(', ')}] AS groups FROM ${line}`,
    parameters,
  );
  const fits = GROUP_SECONDS.findIndex((_, at) => (row?.groups[at] ?? 0) <= most);
  return GROUP_SECONDS[fits] ?? GROUP_SECONDS[GROUP_SECONDS.length - 1] ?? 60;
}

/** How many groups the turns of a session make; 0 of one in several chains, whose turns are not one after the other, and of one without any. */
export async function turnGroupsOf(
  ctx: Pick<Context, 'lake'>,
  scope: LineScope,
  ends: readonly string[],
): Promise<number> {
  const { condition, parameters } = ofSession(scope);
  const [found] = await answerOf<{ chains: number; ended: number }>(
    ctx,
    scope,
    `SELECT uniqExact(chain_id) AS chains, countIf(kind IN {turnEnds: Array(String)}) AS ended FROM ${EVENTS} WHERE ${condition}`,
    { ...parameters, turnEnds: ends },
  );
  if (!found || found.chains !== 1 || found.ended === 0) return 0;
  const turns = turnsOf({ ...scope, only: [] }, ends);
  const [row] = await answerOf<{ groups: number }>(
    ctx,
    scope,
    `SELECT uniqExact((turn_number, pauses)) AS groups FROM ${turns.line}`,
    turns.parameters,
  );
  return row?.groups ?? 0;
}

/** The steps with the number of their turn, from 1, and how often nothing was recorded for long before them. */
function turnsOf(scope: LineScope, ends: readonly string[]): { line: string; parameters: Parameters } {
  const { line, parameters } = lineOf({ ...scope, only: [] });
  const counted = `(SELECT *, countIf(is_pause) OVER (ORDER BY ${PLACE} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS pauses FROM (
      SELECT *, 1 + countIf(kind IN {turnEnds: Array(String)}) OVER (ORDER BY ${PLACE} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS turn_number,
        any(line_at) OVER (ORDER BY ${PLACE} ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING) AS before_at,
        before_at > ${EPOCH} AND line_at >= before_at + INTERVAL ${GAP_SECONDS} SECOND AS is_pause
      FROM ${line}) ${filterOf(scope)})`;
  return { line: counted, parameters: { ...parameters, turnEnds: ends } };
}

function groupAt(seconds: number): string {
  return `intDiv(toUnixTimestamp64Micro(line_at), ${1_000_000 * seconds})`;
}

export type LineGroup = Figures & {
  /** From 1; null where steps are not grouped by turns. */
  turn: number | null;
  start: LinePlace;
  /** The first and last time its steps have in the line; null of steps of a chain that states none. */
  from: string | null;
  to: string | null;
  /** Steps whose own time is before that of one ahead of them in their chain, and those that state none that can be believed. */
  backwards: number;
  untimed: number;
};

/** Steps in groups, in order, at most `limit` of them. */
export async function groupsOfLine(
  ctx: Pick<Context, 'lake'>,
  scope: LineScope,
  grouping: Grouping,
  limit: number,
): Promise<LineGroup[]> {
  const { line, parameters } = grouping.by === 'turn' ? turnsOf(scope, grouping.ends) : lineOf(scope);
  const bucket = grouping.by === 'turn' ? '(turn_number, pauses)' : groupAt(grouping.seconds);
  const rows = await answerOf<
    Omit<LineGroup, 'start'> & { from: string; to: string; chainId: string; ordinal: number; at: string }
  >(
    ctx,
    scope,
    `SELECT toString(start.1) AS at, toString(start.2) AS chainId, start.3 AS ordinal, * EXCEPT(start, bucket) FROM (
        SELECT ${bucket} AS bucket, ${grouping.by === 'turn' ? 'any(turn_number)' : 'null'} AS turn, min(${PLACE}) AS start, toString(min(line_at)) AS from, toString(max(line_at)) AS to,
          countIf(${IS_BELIEVED} AND recorded_at < line_at) AS backwards, countIf(NOT (${IS_BELIEVED})) AS untimed, ${FIGURES}
        FROM ${line} GROUP BY bucket ORDER BY bucket LIMIT {limit: UInt32}) ORDER BY start`,
    { ...parameters, limit },
  );
  return rows.map(({ at, chainId, ordinal, from, to, ...group }) => ({
    ...group,
    start: { at: instantText(at), chainId, ordinal },
    from: isUnknownTime(from) ? null : instantText(from),
    to: isUnknownTime(to) ? null : instantText(to),
  }));
}

export type LineStep = ChainRecord & { at: string };

/** Steps from behind a place on, in order; `skip` of them are left out first. */
export async function stepsOfLine(
  ctx: Pick<Context, 'lake'>,
  scope: LineScope,
  { after, skip, limit, damaged }: { after: LinePlace | null; skip: number; limit: number; damaged: Damaged },
): Promise<LineStep[]> {
  const { line, parameters } = lineOf(scope);
  const places = await answerOf<LinePlace & { recordedAt: string }>(
    ctx,
    scope,
    `SELECT toString(line_at) AS at, toString(chain_id) AS chainId, ordinal, toString(recorded_at) AS recordedAt FROM ${line}
      ${after ? `WHERE ${PLACE} > ${PLACE_PARAMETERS}` : ''} ORDER BY ${PLACE} LIMIT {limit: UInt32} OFFSET {skip: UInt32}`,
    { ...parameters, ...(after && placeParameters(after)), limit, skip },
  );
  const records = await recordsAt(ctx, scope, places, damaged);
  return places.flatMap(({ at, chainId, ordinal }) => {
    const record = records.get(`${chainId}:${ordinal}`);
    return record ? [{ ...record, at: instantText(at) }] : [];
  });
}

/** Where in the line a step stands, and how many are before it; null when it is not of the session. Under a filter it need not be shown itself. */
export async function placeInLine(
  ctx: Pick<Context, 'lake'>,
  scope: LineScope,
  { chainId, ordinal }: { chainId: string; ordinal: number },
): Promise<(LinePlace & { before: number }) | null> {
  const all = lineOf({ ...scope, only: [] });
  const [place] = await answerOf<{ at: string }>(
    ctx,
    scope,
    `SELECT toString(line_at) AS at FROM ${all.line} WHERE chain_id = {atChain: UUID} AND ordinal = {atOrdinal: Int64} LIMIT 1`,
    { ...all.parameters, atChain: chainId, atOrdinal: ordinal },
  );
  if (!place) return null;
  const found = { at: instantText(place.at), chainId, ordinal };
  const { line, parameters } = lineOf(scope);
  const [counted] = await answerOf<{ before: number }>(
    ctx,
    scope,
    `SELECT count() AS before FROM ${line} WHERE ${PLACE} < ${PLACE_PARAMETERS}`,
    { ...parameters, ...placeParameters(found) },
  );
  return { ...found, before: counted?.before ?? 0 };
}

/** Which of some records of chains are of the session, with their time in the line. */
export async function membersOfLine(
  ctx: Pick<Context, 'lake'>,
  scope: LineScope,
  records: readonly (readonly [chainId: string, ordinal: number])[],
): Promise<Map<string, string>> {
  if (records.length === 0) return new Map();
  const { line, parameters } = lineOf(scope);
  const rows = await answerOf<{ record: string; at: string }>(
    ctx,
    scope,
    `SELECT concat(toString(chain_id), ':', toString(ordinal)) AS record, toString(line_at) AS at FROM ${line}
      WHERE chain_id IN {recordChains: Array(UUID)} AND ordinal IN {ordinals: Array(UInt64)}`,
    {
      ...parameters,
      recordChains: [...new Set(records.map(([chainId]) => chainId))],
      ordinals: [...new Set(records.map(([, ordinal]) => ordinal))],
    },
  );
  return new Map(rows.map(({ record, at }) => [record, instantText(at)]));
}

const PLACE_PARAMETERS = `({afterTime: DateTime64(6, 'UTC')}, {afterChain: UUID}, {afterOrdinal: Int64})`;

function placeParameters({ at, chainId, ordinal }: LinePlace): Parameters {
  return { afterTime: lakeInstant(at), afterChain: chainId, afterOrdinal: ordinal };
}

/** Whole records, by `chain:ordinal`. Their own times bound what is read. */
async function recordsAt(
  ctx: Pick<Context, 'lake'>,
  { signal }: LineScope,
  places: readonly { chainId: string; ordinal: number; recordedAt: string }[],
  damaged: Damaged,
): Promise<Map<string, ChainRecord>> {
  if (places.length === 0) return new Map();
  const times = places.map(({ recordedAt }) => recordedAt).toSorted();
  const rows = await answerOf<ChainRecord>(
    ctx,
    { signal },
    `SELECT ${RECORD_COLUMNS.map(({ name, key }) => `${name === 'integrity' ? INTEGRITY : name} AS ${key}`).join(', ')}
      FROM ${EVENTS} WHERE chain_id IN {chainIds: Array(UUID)} AND ordinal IN {ordinals: Array(UInt64)}
        AND ((recorded_at >= {from: DateTime64(6, 'UTC')} AND recorded_at <= {to: DateTime64(6, 'UTC')}) OR NOT (${IS_TIMED}))`,
    {
      chainIds: [...new Set(places.map(({ chainId }) => chainId))],
      ordinals: [...new Set(places.map(({ ordinal }) => ordinal))],
      from: times[0],
      to: times.at(-1),
      ...damageParameters(damaged),
    },
  );
  return new Map(rows.map((row) => [`${row.chainId}:${row.ordinal}`, shownRecord(row)]));
}
