import 'server-only';
import type { Context } from '../../context';
import type { Decision } from '../../core/event/fields';
import { WORDS_SQL } from '../../core/search/sql';
import { wordsIn } from '../../core/search/search';
import type { FormatId } from '../../core/chain/format';
import { instantText, lakeInstant } from '../time';
import { COST_USD, EVENTS, IS_TIMED, type Parameters } from './events';
import { answerOf } from './search';

/** The records that state an id as their session or as their run, of all chains or of some. */
export type SessionScope = {
  id: string;
  chainIds: readonly string[] | null;
  /** RFC 3339: a clock that is ahead of this is not believed. */
  latest: string;
  signal?: AbortSignal | undefined;
};

/** Everything is added up: what a record says that is neither a text nor a time. */
const SUMS = `sum(secrets_redacted) AS secretsRedacted, countIf(secrets_redacted > 0) AS redacted, sum(input_tokens) AS inputTokens,
  sum(output_tokens) AS outputTokens, ${COST_USD} AS costUsd`;
type Sums = {
  /** Secrets, and the records they were taken out of. */
  secretsRedacted: number;
  redacted: number;
  inputTokens: number;
  outputTokens: number;
  costUsd: number;
};
type Counts = Partial<Record<Decision, number>>;
const COUNTS = 'sumMap(map(toString(decision), toUInt64(1))) AS counts';
/** Of a record, how many and what of them. */
export const FIGURES = `count() AS records, ${COUNTS}, ${SUMS}`;
export type Figures = Sums & { records: number; counts: Counts };

/** A record whose clock can be believed. */
export const IS_BELIEVED = `${IS_TIMED} AND recorded_at <= {latest: DateTime64(6, 'UTC')}`;

/** The records of a session, as a condition with its parameters. Words of the id are found by the index; the rest is compared. */
export function ofSession({ id, chainIds, latest }: SessionScope): { condition: string; parameters: Parameters } {
  const words = wordsIn(id);
  return {
    condition: [
      ...(words.length > 0 ? [`hasAllTokens(${WORDS_SQL}, {words: Array(String)})`] : []),
      ...(chainIds ? ['chain_id IN {chainIds: Array(UUID)}'] : []),
      '(session_id = {id: String} OR run_id = {id: String})',
    ].join(' AND '),
    parameters: { id, latest: lakeInstant(latest), ...(words.length > 0 && { words }), ...(chainIds && { chainIds }) },
  };
}

export type SessionChain = Figures & {
  chainId: string;
  format: FormatId;
  /** Ordinals. */
  first: number;
  last: number;
  /** How many of them name it their session; the others name it their run alone. */
  asSession: number;
  untimed: number;
  span: { from: string; to: string } | null;
};

/** The chains that have records of the session, those that began first first, at most `limit`. */
export async function chainsOfSession(
  ctx: Pick<Context, 'lake'>,
  scope: SessionScope,
  limit: number,
): Promise<SessionChain[]> {
  const { condition, parameters } = ofSession(scope);
  const rows = await answerOf<Omit<SessionChain, 'span'> & { believed: number; since: string; until: string }>(
    ctx,
    scope,
    `SELECT toString(chain_id) AS chainId, any(format) AS format, min(ordinal) AS first, max(ordinal) AS last, countIf(session_id = {id: String}) AS asSession,
        countIf(NOT (${IS_TIMED})) AS untimed, countIf(${IS_BELIEVED}) AS believed, toString(minIf(recorded_at, ${IS_BELIEVED})) AS since,
        toString(maxIf(recorded_at, ${IS_BELIEVED})) AS until, ${FIGURES}
      FROM ${EVENTS} WHERE ${condition} GROUP BY chain_id ORDER BY since, chain_id LIMIT {limit: UInt32}`,
    { ...parameters, limit },
  );
  return rows.map(({ believed, since, until, ...chain }) => ({
    ...chain,
    span: believed > 0 ? { from: instantText(since), to: instantText(until) } : null,
  }));
}

/** Whether any record names the session. */
export async function hasRecords(ctx: Pick<Context, 'lake'>, scope: SessionScope): Promise<boolean> {
  const { condition, parameters } = ofSession(scope);
  const rows = await answerOf<{ found: number }>(
    ctx,
    scope,
    `SELECT 1 AS found FROM ${EVENTS} WHERE ${condition} LIMIT 1`,
    parameters,
  );
  return rows.length > 0;
}

/** What is listed of a session by its values. */
const LISTED = {
  agent: 'agent',
  tool: 'tool',
  model: 'model',
  host: 'host',
  session: 'session_id',
  run: 'run_id',
} as const;
export type ListedField = keyof typeof LISTED;
export type ListedValue = { field: ListedField; value: string; records: number; denied: number; different: number };

/** The values some fields have in the session, those of most records first, at most `limit` of each, and how many different there are. */
export async function valuesOfSession(
  ctx: Pick<Context, 'lake'>,
  scope: SessionScope,
  limit: number,
): Promise<ListedValue[]> {
  const { condition, parameters } = ofSession(scope);
  const pairs = Object.entries(LISTED).map(([field, column]) => `('${field}', toString(${column}))`);
  return answerOf(
    ctx,
    scope,
    `SELECT field, value, records, denied, count() OVER (PARTITION BY field) AS different FROM (
        SELECT (arrayJoin([${pairs.join(', ')}]) AS pair).1 AS field, pair.2 AS value, count() AS records, countIf(decision = 'deny') AS denied
        FROM ${EVENTS} WHERE ${condition} GROUP BY field, value)
      WHERE value != '' ORDER BY field, records DESC, value LIMIT {limit: UInt32} BY field`,
    { ...parameters, limit },
  );
}

export type FileUse = {
  path: string;
  tool: string;
  kind: string;
  /** What the writer says the file was opened for, where it does. */
  access: string;
  records: number;
  denied: number;
  different: number;
};

/** Files of the session by what was done with them: those named most, at most `limit`, each with at most 20 ways. */
export async function filesOfSession(
  ctx: Pick<Context, 'lake'>,
  scope: SessionScope,
  limit: number,
): Promise<FileUse[]> {
  const { condition, parameters } = ofSession(scope);
  return answerOf(
    ctx,
    scope,
    `WITH named AS (SELECT target AS name, count() AS total, count() OVER () AS different FROM ${EVENTS}
        WHERE ${condition} AND resource_class = 'path' GROUP BY target ORDER BY total DESC, name LIMIT {limit: UInt32})
      SELECT target AS path, tool, kind, JSONExtractString(extra, 'access') AS access, count() AS records, countIf(decision = 'deny') AS denied,
        any(different) AS different
      FROM ${EVENTS} INNER JOIN named ON name = target
      WHERE ${condition} AND resource_class = 'path'
      GROUP BY path, tool, kind, access ORDER BY records DESC, path, tool, kind, access LIMIT 20 BY path`,
    { ...parameters, limit },
  );
}

export type PolicyUse = {
  policy: string;
  digest: string;
  records: number;
  first: number;
  chainId: string;
  from: string;
};

/** Policies that records of the session state, from the first record that does, at most `limit`. */
export async function policiesOfSession(
  ctx: Pick<Context, 'lake'>,
  scope: SessionScope,
  limit: number,
): Promise<(Omit<PolicyUse, 'from'> & { from: string | null })[]> {
  const { condition, parameters } = ofSession(scope);
  const rows = await answerOf<PolicyUse>(
    ctx,
    scope,
    `SELECT policy, policy_digest AS digest, toString(chain_id) AS chainId, count() AS records, min(ordinal) AS first, toString(argMin(recorded_at, ordinal)) AS from
      FROM ${EVENTS} WHERE ${condition} AND (policy != '' OR policy_digest != '')
      GROUP BY policy, digest, chain_id ORDER BY records DESC, policy, digest, chainId LIMIT {limit: UInt32}`,
    { ...parameters, limit },
  );
  return rows.map((row) => ({ ...row, from: row.from.startsWith('1970-01-01') ? null : instantText(row.from) }));
}

/**
 * Policies that a chain states apart from any session: the last before a record, and those between it and another one. In the order of the chain,
 * at most `limit`.
 */
export async function policiesAround(
  ctx: Pick<Context, 'lake'>,
  { signal }: SessionScope,
  { chainId, first, last }: Pick<SessionChain, 'chainId' | 'first' | 'last'>,
  limit: number,
): Promise<{ policy: string; digest: string; ordinal: number; from: string | null }[]> {
  const loaded = `FROM ${EVENTS} WHERE chain_id = {chainId: UUID} AND policy_digest != '' AND session_id = '' AND run_id = ''`;
  const rows = await answerOf<{ policy: string; digest: string; ordinal: number; from: string }>(
    ctx,
    { signal },
    `SELECT policy, policy_digest AS digest, ordinal, toString(recorded_at) AS from ${loaded} AND ordinal <= {last: UInt64}
        AND ordinal >= (SELECT max(ordinal) ${loaded} AND ordinal <= {first: UInt64})
      ORDER BY ordinal LIMIT {limit: UInt32}`,
    { chainId, first, last, limit },
  );
  return rows.map((row) => ({ ...row, from: row.from.startsWith('1970-01-01') ? null : instantText(row.from) }));
}

/** Of the session over time: `at` is the beginning of a step in Unix seconds. Records whose clock can be believed. */
export async function sessionOverTime(
  ctx: Pick<Context, 'lake'>,
  scope: SessionScope,
  stepSeconds: number,
): Promise<(Figures & { at: number })[]> {
  const { condition, parameters } = ofSession(scope);
  return answerOf(
    ctx,
    scope,
    `SELECT intDiv(toUnixTimestamp64Micro(recorded_at), 1000000 * {step: UInt32}) * {step: UInt32} AS at, ${FIGURES}
      FROM ${EVENTS} WHERE ${condition} AND ${IS_BELIEVED} GROUP BY at ORDER BY at LIMIT 1000`,
    { ...parameters, step: stepSeconds },
  );
}

/** Where the first and the last record of each chain stand that are of some kinds, of the session. */
export async function endsOfKinds(
  ctx: Pick<Context, 'lake'>,
  scope: SessionScope,
  kinds: readonly string[],
): Promise<{ chainId: string; ordinal: number; byteOffset: number; byteLength: number }[]> {
  const { condition, parameters } = ofSession(scope);
  return answerOf(
    ctx,
    scope,
    `SELECT toString(chain_id) AS chainId, place.1 AS ordinal, place.2 AS byteOffset, place.3 AS byteLength FROM (
        SELECT chain_id, arrayJoin(arrayDistinct([min((ordinal, byte_offset, byte_length)), max((ordinal, byte_offset, byte_length))])) AS place
        FROM ${EVENTS} WHERE ${condition} AND kind IN {kinds: Array(String)} GROUP BY chain_id)
      ORDER BY chainId, ordinal LIMIT 200`,
    { ...parameters, kinds },
  );
}

/** How many records of the session a chain has before an ordinal. */
export async function recordsBefore(
  ctx: Pick<Context, 'lake'>,
  scope: SessionScope,
  chainId: string,
  ordinal: number,
): Promise<number> {
  const { condition, parameters } = ofSession({ ...scope, chainIds: [chainId] });
  const [row] = await answerOf<{ records: number }>(
    ctx,
    scope,
    `SELECT count() AS records FROM ${EVENTS} WHERE ${condition} AND ordinal < {before: UInt64}`,
    { ...parameters, before: ordinal },
  );
  return row?.records ?? 0;
}
