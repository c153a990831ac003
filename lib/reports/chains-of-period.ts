import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import type { ChainVerdict } from '../core/chain/verdict';
import { foldWaiting } from '../chains/figures-by-verdict';
import { isAttested } from '../db/attested';
import { ANSWERED_VERDICT } from '../db/evidence-damage';
import { type SegmentPart, segmentsIn } from '../lake/query/reported';
import { EVERY_RECORD, type RecordScope, isEveryRecord } from '../core/search/record-scope';
import type { Period } from '../schemas/common';

export type ChainOfPeriod = {
  id: string;
  name: string;
  verdict: ChainVerdict;
  /** Of these parts, and those of them under a signed attestation. */
  records: number;
  attested: number;
  /** Where the time goes back in the whole chain; null while that is not checked. */
  timeSteps: number | null;
};

/** The chains that have records in a period, by name, with those of the scope. */
export async function chainsOfPeriod(ctx: Context, period: Period, scope = EVERY_RECORD): Promise<ChainOfPeriod[]> {
  const parts = await segmentsIn(ctx, period, scope);
  const byChain = Map.groupBy(parts, ({ chain }) => chain);
  const chains = await namedChains(ctx, [...byChain.keys()]);
  const inPart = await attestedSegments(
    ctx,
    chains.flatMap(({ id, signed }) => (signed === 'in part' ? [id] : [])),
  );
  return chains.map(({ id, name, verdict, signed, time_steps: timeSteps }) => {
    const of = byChain.get(id) ?? [];
    const attested = of.filter(({ digest }) =>
      signed === 'in part' ? inPart.has(`${id} ${digest}`) : signed === 'whole' && digest !== '',
    );
    return { id, name, verdict, records: recordsOf(of), attested: recordsOf(attested), timeSteps };
  });
}

/** The ids of the chains that have records of the scope in a period; undefined where that is every record. */
export async function chainsInScope(ctx: Context, period: Period, scope: RecordScope): Promise<string[] | undefined> {
  if (isEveryRecord(scope)) return undefined;
  return [...new Set((await segmentsIn(ctx, period, scope)).map(({ chain }) => chain))];
}

function recordsOf(parts: readonly SegmentPart[]): number {
  return parts.reduce((sum, { records }) => sum + records, 0);
}

/** Where all segments of a chain are signed, or none is, its figures say so: no segment is looked at. They do of a chain that the lake has as it stands. */
async function namedChains(ctx: Context, ids: readonly string[]) {
  await foldWaiting(ctx.db);
  const rows = await ctx.db
    .selectFrom('chains')
    .leftJoin('chain_figures as f', 'f.chain_id', 'chains.id')
    .where(sql<boolean>`chains.id = ANY(${ids}::uuid[])`)
    .select(['chains.id', 'chains.name', ANSWERED_VERDICT.as('verdict')])
    .select(
      sql<
        number | null
      >`CASE WHEN chains.verified_generation = chains.generation THEN (chains.time_steps->>'count')::bigint END`.as(
        'time_steps',
      ),
    )
    .select(
      sql<'whole' | 'none' | 'in part'>`CASE
        WHEN f.chain_id IS NULL OR chains.loaded_generation IS DISTINCT FROM chains.generation
          OR chains.id IN (SELECT chain_id FROM figure_changes) THEN 'in part'
        WHEN f.attested = 0 THEN 'none'
        WHEN f.attested = f.records THEN 'whole'
        ELSE 'in part' END`.as('signed'),
    )
    .execute();
  return rows.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function attestedSegments(ctx: Context, chainIds: readonly string[]): Promise<Set<string>> {
  const rows = await ctx.db
    .selectFrom('chain_segments as s')
    .where(sql<boolean>`s.chain_id = ANY(${chainIds}::uuid[])`)
    .where((where) => isAttested(where))
    .select(['s.chain_id', 's.digest'])
    .execute();
  return new Set(rows.map(({ chain_id: chain, digest }) => `${chain} ${digest}`));
}
