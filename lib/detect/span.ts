import 'server-only';
import type { Context } from '../context';
import { instant } from './lake-instant';
import type { Range } from './run-rule';

/** Chains, each with the first of the records that are looked at. */
export type Since = { chainId: string; ordinal: number };

/** The time that records of each chain span, half-open; a chain whose records state none is left out. */
export async function spansOf(ctx: Context, chains: readonly Since[]): Promise<Map<string, Range>> {
  if (chains.length === 0) return new Map();
  const result = await ctx.lake.query({
    query: `SELECT toString(chain_id) AS chain, toString(min(recorded_at)) AS from, toString(max(recorded_at)) AS to
      FROM events WHERE chain_id IN {ids: Array(UUID)} AND recorded_at > toDateTime64(0, 6, 'UTC')
        AND ordinal >= {ordinals: Array(UInt64)}[indexOf({ids: Array(UUID)}, chain_id)]
      GROUP BY chain_id`,
    query_params: { ids: chains.map(({ chainId }) => chainId), ordinals: chains.map(({ ordinal }) => ordinal) },
    format: 'JSONEachRow',
  });
  const rows = await result.json<{ chain: string; from: string; to: string }>();
  return new Map(rows.map(({ chain, from, to }) => [chain, { from: instant(from), to: new Date(instant(to).getTime() + 1) }]));
}

/** Spans this near to each other are looked at as one. */
export const NEAR_MS = 3600_000;

/** A longer span is looked at by itself: a record of a year far off must not have every chain looked at over all years. */
const MOST_MS = 31 * 24 * 3600_000;

export type Cluster = { span: Range; chainIds: string[] };

/** Spans that meet, or nearly, as one: rules look at each once, for all its chains. In order of time; those that are long by themselves behind. */
export function clusters(spans: ReadonlyMap<string, Range>, nearMs: number): Cluster[] {
  const found: Cluster[] = [];
  const long: Cluster[] = [];
  for (const [chainId, span] of [...spans].toSorted(([, a], [, b]) => a.from.getTime() - b.from.getTime())) {
    const open = found.at(-1);
    if (lengthMs(span) > MOST_MS) long.push({ span, chainIds: [chainId] });
    else if (open && span.from.getTime() - open.span.to.getTime() <= nearMs && span.to.getTime() - open.span.from.getTime() <= MOST_MS) {
      open.chainIds.push(chainId);
      if (span.to > open.span.to) open.span = { from: open.span.from, to: span.to };
    } else found.push({ span: { ...span }, chainIds: [chainId] });
  }
  return [...found, ...long];
}

/** The clusters of one run: that of the chain it is for, and a few others, none of them long. */
export function together(all: readonly Cluster[], chainId: string, most: number): Cluster[] {
  const isOwn = ({ chainIds }: Cluster) => chainIds.includes(chainId);
  return [...all.filter(isOwn), ...all.filter((cluster) => !isOwn(cluster) && lengthMs(cluster.span) <= MOST_MS)].slice(0, most);
}

function lengthMs({ from, to }: Range): number {
  return to.getTime() - from.getTime();
}
