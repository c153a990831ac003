import 'server-only';
import type { Context } from '../../context';
import { kindOf } from '../../core/rules/kinds';
import type { Measured } from '../../core/rules/kinds/kind';
import type { RuleFile } from '../../core/rules/rule';

/** A row of a compiled rule. */
export type Hit = {
  /** Of the fields grouped by, and behind them the chain when its records lack one of these, else nothing. */
  group_values: string[];
  window_from: string;
  window_to: string;
  measured: Measured;
  record_count: number;
  /** Every chain that holds one of its records. */
  chains: string[];
  records: [
    chainId: string,
    ordinal: number,
    segmentDigest: string,
    byteOffset: number,
    byteLength: number,
    hash: string,
    recordedAt: string,
    places: [chainId: string, ordinal: number][],
  ][];
};

/** What a rule finds among the records of `[from, to)`, each counted once, one after another: each may hold a thousand records. */
export async function* hitsOf(
  { lake }: Pick<Context, 'lake'>,
  rule: RuleFile,
  { from, to }: { from: Date; to: Date },
): AsyncGenerator<Hit, void, undefined> {
  const { sql, params } = kindOf(rule.correlation).compile(rule, {
    from: from.toISOString(),
    to: to.toISOString(),
    table: 'events',
  });
  const result = await lake.query({ query: sql, query_params: params, format: 'JSONEachRow' });
  for await (const batch of result.stream<Hit>()) for (const row of batch) yield row.json();
}
