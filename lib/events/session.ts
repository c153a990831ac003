import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { fileUses } from '../core/event/file-use';
import { compareInstants } from '../core/time';
import {
  type ListedField,
  type SessionChain,
  type SessionScope,
  chainsOfSession,
  filesOfSession,
  hasRecords,
  policiesAround,
  policiesOfSession,
  sessionOverTime,
  valuesOfSession,
} from '../lake/query/session';
import { stepOf } from '../reports/buckets';
import type { Period } from '../schemas/common';
import type { Session } from '../schemas/sessions';
import { describeChains } from './session-chains';
import { sessionFindings } from './session-findings';
import { gitOfSession } from './session-git';

const MOST_CHAINS = 100;
const MOST_VALUES = 50;
const MOST_FILES = 200;
const MOST_POLICIES = 50;
/** Of chains looked at for policies they state apart from any session. */
const MOST_POLICY_CHAINS = 10;
const FIELDS: readonly ListedField[] = ['agent', 'tool', 'model', 'host', 'session', 'run'];

export type RequestedSession = { sessionId: string; chain?: string | undefined; signal?: AbortSignal | undefined };

/** What the records of a session say, each counted once, whatever its size. @throws AppError NOT_FOUND, SEARCH_TOO_LARGE. */
export async function getSession(ctx: Context, requested: RequestedSession): Promise<Session> {
  const scope = scopeOf(ctx, requested);
  const found = await chainsOfSession(ctx, scope, MOST_CHAINS + 1);
  if (found.length === 0) throw noSuchSession();
  const of = found.slice(0, MOST_CHAINS);
  // What is said below is of these chains.
  const bounded = { ...scope, chainIds: of.map(({ chainId }) => chainId) };
  const span = spanOf(of);
  const [chains, lists, files, policies, time, git, findings] = await Promise.all([
    describeChains(ctx, bounded, of),
    listsOf(ctx, bounded),
    filesOf(ctx, bounded),
    policiesOf(ctx, bounded, of),
    overTime(ctx, bounded, span),
    gitOfSession(ctx, bounded, of),
    sessionFindings(ctx, bounded, of),
  ]);
  return {
    id: requested.sessionId,
    span,
    ...sumOf(of),
    chains,
    moreChains: found.length > MOST_CHAINS,
    lists,
    files,
    policies,
    ...time,
    git,
    ...findings,
  };
}

/** @throws AppError NOT_FOUND when no record names such a session or run, SEARCH_TOO_LARGE. */
export async function requireSession(ctx: Context, requested: RequestedSession): Promise<void> {
  if (!(await hasRecords(ctx, scopeOf(ctx, requested)))) throw noSuchSession();
}

function noSuchSession(): AppError {
  return new AppError('NOT_FOUND', 'no record that is loaded names such a session or run');
}

/** A clock that is more than a day ahead of ours is not believed. */
const AHEAD_MS = 86_400_000;

export function scopeOf(ctx: Pick<Context, 'now'>, { sessionId, chain, signal }: RequestedSession): SessionScope {
  return {
    id: sessionId,
    chainIds: chain ? [chain] : null,
    latest: new Date(ctx.now().getTime() + AHEAD_MS).toISOString(),
    signal,
  };
}

function spanOf(chains: readonly SessionChain[]): Period | null {
  const times = chains.flatMap(({ span }) => (span ? [span.from, span.to] : [])).toSorted(compareInstants);
  const [from, to] = [times[0], times.at(-1)];
  return from && to ? { from, to } : null;
}

function sumOf(chains: readonly SessionChain[]) {
  const sum = (of: (chain: SessionChain) => number) => chains.reduce((total, chain) => total + of(chain), 0);
  const counts: SessionChain['counts'] = {};
  for (const chain of chains)
    for (const [decision, records] of Object.entries(chain.counts) as [keyof typeof counts, number][]) // keys of it
      counts[decision] = (counts[decision] ?? 0) + records;
  return {
    records: sum(({ records }) => records),
    counts,
    secretsRedacted: sum(({ secretsRedacted }) => secretsRedacted),
    redacted: sum(({ redacted }) => redacted),
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    costUsd: sum(({ costUsd }) => costUsd),
    untimed: sum(({ untimed }) => untimed),
  };
}

async function listsOf(ctx: Context, scope: SessionScope): Promise<Session['lists']> {
  const byField = Map.groupBy(await valuesOfSession(ctx, scope, MOST_VALUES), ({ field }) => field);
  return FIELDS.flatMap((field) => {
    const values = byField.get(field);
    if (!values) return [];
    return [
      {
        field,
        values: values.map(({ value, records, denied }) => ({ value, records, denied })),
        more: (values[0]?.different ?? 0) - values.length,
      },
    ];
  });
}

async function filesOf(ctx: Context, scope: SessionScope): Promise<Session['files']> {
  const uses = await filesOfSession(ctx, scope, MOST_FILES);
  const items = new Map<string, Session['files']['items'][number]>();
  for (const use of uses) {
    const file = items.get(use.path) ?? { path: use.path, records: 0, read: 0, written: 0, other: 0, denied: 0 };
    file.records += use.records;
    file.denied += use.denied;
    for (const done of fileUses(use)) file[done] += use.records;
    items.set(use.path, file);
  }
  return {
    items: [...items.values()].toSorted((a, b) => b.records - a.records),
    more: (uses[0]?.different ?? 0) - items.size,
  };
}

/** What records state themselves, and what their chains state apart from sessions. */
async function policiesOf(
  ctx: Context,
  scope: SessionScope,
  chains: readonly SessionChain[],
): Promise<Session['policies']> {
  const [stated, ...around] = await Promise.all([
    policiesOfSession(ctx, scope, MOST_POLICIES),
    ...chains.slice(0, MOST_POLICY_CHAINS).map(async (chain) => {
      const loaded = await policiesAround(ctx, scope, chain, MOST_POLICIES);
      return loaded.map((one) => ({ ...one, chainId: chain.chainId, records: 0 }));
    }),
  ]);
  return [...around.flat(), ...stated.map(({ first, ...one }) => ({ ...one, ordinal: first }))].toSorted(
    (a, b) => compareInstants(a.from ?? '', b.from ?? '') || a.ordinal - b.ordinal,
  );
}

async function overTime(
  ctx: Context,
  scope: SessionScope,
  span: Period | null,
): Promise<Pick<Session, 'stepSeconds' | 'overTime'>> {
  if (!span) return { stepSeconds: 0, overTime: [] };
  const stepSeconds = stepOf(span);
  const counted = new Map((await sessionOverTime(ctx, scope, stepSeconds)).map((one) => [one.at, one]));
  const at = (instant: string) => Math.floor(Date.parse(instant) / 1000 / stepSeconds) * stepSeconds;
  const steps: Session['overTime'] = [];
  for (let seconds = at(span.from); seconds <= at(span.to); seconds += stepSeconds) {
    const found = counted.get(seconds);
    steps.push({
      at: new Date(seconds * 1000).toISOString(),
      counts: found?.counts ?? {},
      secretsRedacted: found?.secretsRedacted ?? 0,
      inputTokens: found?.inputTokens ?? 0,
      outputTokens: found?.outputTokens ?? 0,
      costUsd: found?.costUsd ?? 0,
    });
  }
  return { stepSeconds, overTime: steps };
}
