import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { VERDICTS } from '../core/chain/verdict';
import { DAMAGED_CHAINS } from '../db/evidence-damage';
import { isOfFleet } from '../db/of-fleet';
import type { Chain } from '../schemas/chains';
import { chainRows, toChain } from './chain-rows';

/** Damaged first, then worst first, then those that are not checked yet. */
const ORDER = [...VERDICTS, 'pending'] as const;

/** Of these nothing is to be done about the chain of what is done here. */
const HOLDS: ReadonlySet<string> = new Set(['verified', 'verified-with-warnings', 'pending']);

/** The chains a person should look at first, worst first, the newest of each verdict first: a few of each are looked at, not all chains. */
export async function chainsForAttention(ctx: Context, most: number): Promise<Chain[]> {
  const ofVerdicts = ORDER.map(
    (verdict, rank) =>
      sql`(SELECT id, ${sql.lit(rank)} AS rank FROM chains WHERE verdict = ${verdict} AND ${HOLDS.has(verdict) ? isOfFleet('id') : sql`true`} ORDER BY id DESC LIMIT ${most})`,
  );
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM (
      SELECT * FROM (SELECT chain_id AS id, -1 AS rank FROM ${DAMAGED_CHAINS} AS damaged LIMIT ${most}) AS first
      UNION ALL ${sql.join(ofVerdicts, sql` UNION ALL `)}) AS those
    GROUP BY id ORDER BY min(rank), id DESC LIMIT ${most}`.execute(ctx.db);
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const found = await chainRows(ctx).where('id', 'in', ids).execute();
  return found.map(toChain).toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
}
