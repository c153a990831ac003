import 'server-only';
import { expressionBuilder, sql } from 'kysely';
import { isAttested } from '../db/attested';
import { DAMAGED_CHAINS } from '../db/evidence-damage';
import type { Db } from '../db/database';
import { isOfFleet } from '../db/of-fleet';
import { lockUntilCommit } from '../db/lock';
import type { ChainSegmentsTable, Database } from '../db/schema';
import type { ChainVerdict } from '../schemas/common';

const MOST_CHANGES = 500;
/** Of a reader, which waits: the worker leaves few changes, and does what is left after these. */
const MOST_ROUNDS = 20;

export type VerdictFigures = { chains: number; records: number; attested: number };

/**
 * Chains, their records, what is open included, and those of them under a signed attestation, by verdict; what a read of the evidence found damaged
 * stands under `damaged`. Chains that changed a moment ago are counted anew first, so that it costs as much as changed and not as there is.
 */
export async function figuresByVerdict(db: Db): Promise<Map<ChainVerdict, VerdictFigures>> {
  await foldWaiting(db);
  const [rows, damaged] = await Promise.all([
    db.selectFrom('verdict_figures').selectAll().where('chains', '>', 0).execute(),
    damagedChains(db),
  ]);
  const figures = new Map<ChainVerdict, VerdictFigures>(
    rows.map(({ verdict, ...of }): [ChainVerdict, VerdictFigures] => [verdict, of]),
  );
  const add = (verdict: ChainVerdict, { records, attested }: Omit<VerdictFigures, 'chains'>, sign: 1 | -1) => {
    const of = figures.get(verdict) ?? { chains: 0, records: 0, attested: 0 };
    const next = {
      chains: of.chains + sign,
      records: of.records + sign * records,
      attested: of.attested + sign * attested,
    };
    if (next.chains > 0) figures.set(verdict, next);
    else figures.delete(verdict);
  };
  for (const { verdict, ...of } of damaged) {
    add(verdict, of, -1);
    add('damaged', of, 1);
  }
  return figures;
}

/** Counts anew what waits for it, or as much of it as a reader waits for. */
export async function foldWaiting(db: Db): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS && (await foldFigures(db)); round += 1);
}

async function damagedChains(db: Db) {
  const { rows } = await sql<{ verdict: ChainVerdict; records: number; attested: number }>`
    SELECT verdict, records, attested FROM chain_figures WHERE chain_id IN ${DAMAGED_CHAINS}`.execute(db);
  return rows;
}

/** Counts the chains that changed anew, those of the first 500 changes. Whether there may be more. */
export async function foldFigures(db: Db): Promise<boolean> {
  const waiting = await db.selectFrom('figure_changes').select('id').limit(1).executeTakeFirst();
  if (!waiting) return false;
  return db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'figures', '');
    const attested = isAttested(expressionBuilder<Database & { s: ChainSegmentsTable }, 's'>());
    // One statement sees the changes of one moment: a change that is not seen has its note still to come.
    const { rows } = await sql<{ taken: number }>`
      WITH taken AS (
        DELETE FROM figure_changes WHERE id IN (SELECT id FROM figure_changes ORDER BY id LIMIT ${MOST_CHANGES}) RETURNING chain_id
      ), ids AS (
        SELECT DISTINCT chain_id FROM taken WHERE ${isOfFleet('chain_id')}
      ), now AS (
        SELECT c.id AS chain_id, c.verdict, c.records, coalesce(
          (SELECT sum(s.records) FROM chain_segments s WHERE s.chain_id = c.id AND ${attested}), 0)::bigint AS attested
        FROM ids JOIN chains c ON c.id = ids.chain_id
      ), before AS (
        SELECT f.* FROM chain_figures f JOIN ids ON ids.chain_id = f.chain_id
      ), gone AS (
        DELETE FROM chain_figures WHERE chain_id IN (SELECT chain_id FROM ids EXCEPT SELECT chain_id FROM now)
      ), kept AS (
        INSERT INTO chain_figures (chain_id, verdict, records, attested) SELECT chain_id, verdict, records, attested FROM now
        ON CONFLICT (chain_id) DO UPDATE SET verdict = excluded.verdict, records = excluded.records, attested = excluded.attested
      ), summed AS (
        INSERT INTO verdict_figures (verdict, chains, records, attested)
        SELECT verdict, sum(chains), sum(records), sum(attested) FROM (
          SELECT verdict, 1 AS chains, records, attested FROM now
          UNION ALL SELECT verdict, -1, -records, -attested FROM before) AS difference
        GROUP BY verdict
        ON CONFLICT (verdict) DO UPDATE SET chains = verdict_figures.chains + excluded.chains,
          records = verdict_figures.records + excluded.records, attested = verdict_figures.attested + excluded.attested
      )
      SELECT count(*)::int AS taken FROM taken`.execute(tx);
    return rows[0]?.taken === MOST_CHANGES;
  });
}
