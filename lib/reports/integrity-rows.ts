import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { ANSWERED_VERDICT } from '../db/evidence-damage';
import { isOfFleet } from '../db/of-fleet';
import type { Period } from '../schemas/common';
import { rangeSummary } from '../chains/chain-summary';
import { periodFigures } from '../chains/period-figures';
import { EVERY_RECORD } from '../core/search/record-scope';
import { chainsInScope, chainsOfPeriod } from './chains-of-period';

type Row = Record<string, string | number>;

/** Chains whose figures are asked for together. */
const CHAINS_AT_ONCE = 500;

/**
 * One row a chain that has records of the scope in the period, by name, with all of its records of the period, of whatever agents; one that is still being
 * checked has these alone.
 */
export async function* integrityRows(ctx: Context, period: Period, scope = EVERY_RECORD): AsyncGenerator<Row> {
  const chainIds = (await chainsInScope(ctx, period, scope)) ?? null;
  const ofChains = await chainsOfPeriod(ctx, period, { chainIds, agents: null });
  const signed = new Map(ofChains.map(({ id, attested }) => [id, attested]));
  for (let after: string | null = null; ; ) {
    const name: string | null = after;
    const chains = await ctx.db
      .selectFrom('chains')
      .select([
        'id',
        'name',
        'format',
        'records',
        ANSWERED_VERDICT.as('answered_verdict'),
        'verdict',
        'checked_sidecars',
        'generation',
        'verified_generation',
        'first_recorded_at',
        'last_recorded_at',
        'time_gaps',
        'time_steps',
        'untimed',
      ])
      .where(
        sql<boolean>`first_recorded_at::timestamptz < ${period.to} AND last_recorded_at::timestamptz >= ${period.from}`,
      )
      .where(isOfFleet('id'))
      .$if(name !== null, (query) => query.where('name', '>', name ?? ''))
      .$if(chainIds !== null, (query) => query.where(sql<boolean>`id = ANY(${chainIds}::uuid[])`))
      .orderBy('name')
      .limit(CHAINS_AT_ONCE)
      .execute();
    const isChecked = (chain: (typeof chains)[number]) => chain.verified_generation === chain.generation;
    const figures = await periodFigures(ctx, chains, period);
    for (const chain of chains) {
      const requested = {
        chain: chain.name,
        format: chain.format,
        verdict: chain.answered_verdict,
        requested_from: period.from,
        requested_to: period.to,
        records_signed: signed.get(chain.id) ?? 0,
        chain_id: chain.id,
      };
      const of = figures.get(chain.id);
      if (!of) continue;
      if (!isChecked(chain)) {
        yield { ...requested, found_from: of.found?.from ?? '', found_to: of.found?.to ?? '', records_total: of.total };
        continue;
      }
      const { found, records, gaps } = rangeSummary(chain, period, of);
      const counts = Object.entries(of.counts);
      yield {
        ...requested,
        found_from: found?.from ?? '',
        found_to: found?.to ?? '',
        records_valid: records.valid,
        records_total: records.total,
        time_gaps: gaps.length,
        longest_time_gap_seconds: Math.max(0, ...gaps.map(({ seconds }) => seconds)),
        problems: counts.reduce((sum, [, count]) => sum + count, 0),
        problem_codes: counts.map(([code, count]) => `${code}=${count}`).join(' '),
        sidecars: chain.checked_sidecars
          .map(({ kind, holds }) => `${kind}=${holds === null ? 'proves nothing' : holds ? 'holds' : 'does not hold'}`)
          .join('; '),
        time_steps: chain.time_steps?.count ?? '',
      };
    }
    after = chains.at(-1)?.name ?? null;
    if (chains.length < CHAINS_AT_ONCE) return;
  }
}
