import 'server-only';
import type { Context } from '../context';
import { spansFrom } from '../lake/query/by-chain';
import { type Range, lengthMs } from './range';

/** Chains, each with the first of the records that are looked at. */
export type Since = { chainId: string; ordinal: number };

/** The time that records of each chain span, half-open; a chain whose records state none is left out. */
export async function spansOf(ctx: Context, chains: readonly Since[]): Promise<Map<string, Range>> {
  const spans = await spansFrom(ctx, chains);
  return new Map(
    [...spans].map(([chainId, { first, last }]) => [chainId, { from: first, to: new Date(last.getTime() + 1) }]),
  );
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
    else if (
      open &&
      span.from.getTime() - open.span.to.getTime() <= nearMs &&
      span.to.getTime() - open.span.from.getTime() <= MOST_MS
    ) {
      open.chainIds.push(chainId);
      if (span.to > open.span.to) open.span = { from: open.span.from, to: span.to };
    } else found.push({ span: { ...span }, chainIds: [chainId] });
  }
  return [...found, ...long];
}

/** The clusters of one run: that of the chain it is for, and a few others, none of them long. */
export function together(all: readonly Cluster[], chainId: string, most: number): Cluster[] {
  const isOwn = ({ chainIds }: Cluster) => chainIds.includes(chainId);
  return [...all.filter(isOwn), ...all.filter((cluster) => !isOwn(cluster) && lengthMs(cluster.span) <= MOST_MS)].slice(
    0,
    most,
  );
}
