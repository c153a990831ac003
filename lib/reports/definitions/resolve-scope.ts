import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { RecordScope } from '../../core/search/record-scope';
import { isOfFleet } from '../../db/of-fleet';
import type { ReportScope } from '../../schemas/report-definitions';

/** Chains that a scope can be of: each is named to the lake. */
const MOST_CHAINS = 5_000;

/** The records a scope names, of the chains there are now. @throws AppError TOO_LARGE when its names are of more than 5,000 chains. */
export async function resolveScope({ db }: Context, { chains, agents }: ReportScope): Promise<RecordScope> {
  const some = agents.length > 0 ? agents : null;
  if (chains.length === 0) return { chainIds: null, agents: some };
  const prefixes = chains.flatMap((name) => (name.endsWith('*') ? [name.slice(0, -1)] : []));
  const names = chains.filter((name) => !name.endsWith('*'));
  const rows = await db
    .selectFrom('chains')
    .select('id')
    .where(isOfFleet('id'))
    .where(
      sql<boolean>`(name = ANY(${names}::text[]) OR EXISTS (SELECT FROM unnest(${prefixes}::text[]) AS p (prefix) WHERE starts_with(chains.name, p.prefix)))`,
    )
    .orderBy('id')
    .limit(MOST_CHAINS + 1)
    .execute();
  if (rows.length > MOST_CHAINS)
    throw new AppError('TOO_LARGE', `a report is of at most ${MOST_CHAINS} chains that are named, or of all`, {
      limit: MOST_CHAINS,
    });
  return { chainIds: rows.map(({ id }) => id), agents: some };
}
