import 'server-only';
import { sql } from 'kysely';
import { OWN_CHAIN } from '../core/own-chain';
import type { Context } from '../context';
import { hasGrownWithSidecars } from '../db/grown-with-sidecars';
import type { Standing } from './settled';

type Row = { text: string; behind: number };

/** How far the stages have come with one chain. */
export async function standingOfChain(
  { db }: Context,
  chainId: string,
  { loaded }: { loaded: boolean },
): Promise<Standing> {
  const { rows } = await sql<Row>`
    SELECT concat_ws(' ', c.generation, c.verified_generation, c.loaded_generation, c.updated_at, t.version, t.closed_bytes, t.complete_bytes, t.loaded_bytes,
        (SELECT string_agg(coalesce(loaded_generation, -1)::text, ',' ORDER BY index) FROM chain_segments WHERE chain_id = c.id)) AS text,
      (c.verified_generation < c.generation OR (${loaded} AND (c.loaded_generation < c.generation OR coalesce(greatest(t.loaded_bytes, t.closed_bytes) < t.complete_bytes, false))) OR coalesce(${hasGrownWithSidecars()}, false))::int AS behind
    FROM chains c LEFT JOIN tails t ON t.chain_id = c.id WHERE c.id = ${chainId}::uuid`.execute(db);
  const [row] = rows;
  return { text: row?.text ?? 'gone', isIdle: row?.behind !== 1 };
}

/** How far the rules have come with all chains: what one chain holds may be part of what is found of another. */
export async function standingOfRules({ db }: Context): Promise<Standing> {
  const { rows } = await sql<Row>`
    SELECT concat_ws(' ', sum(generation), sum(detected_generation), (SELECT concat_ws(' ', sum(version), sum(searched_records)) FROM tails), (SELECT max(id::text) FROM findings), (SELECT concat_ws(' ', count(*), count(ended_at), count(told_at)) FROM suppressions)) AS text,
      (count(*) FILTER (WHERE detected_generation < generation) + (SELECT count(*) FROM tails WHERE searched_records < loaded_records OR greatest(loaded_bytes, closed_bytes) < complete_bytes))::int AS behind
    FROM chains`.execute(db);
  const [row] = rows;
  return { text: row?.text ?? '', isIdle: row?.behind === 0 };
}

/** How much of the chain of actions is closed: lines are taken out of the database by that. */
export async function standingOfActivity({ db }: Context): Promise<Standing> {
  const tail = await db
    .selectFrom('tails')
    .select('closed_bytes')
    .where('chain_id', '=', OWN_CHAIN.id)
    .executeTakeFirst();
  return { text: String(tail?.closed_bytes ?? 0), isIdle: true };
}

/** What was signed and logged so far. */
export async function standingOfSigning({ db }: Context): Promise<Standing> {
  const { rows } = await sql<Row>`
    SELECT concat_ws(' ', (SELECT count(*) FROM attestations), (SELECT count(*) FROM log_entries), (SELECT count(*) FROM log_checkpoints), (SELECT count(*) FROM packages WHERE state = 'done'), (SELECT count(*) FROM report_runs WHERE state = 'done'), (SELECT count(*) FROM signing_keys)) AS text, 0 AS behind`.execute(
    db,
  );
  return { text: rows[0]?.text ?? '', isIdle: true };
}
