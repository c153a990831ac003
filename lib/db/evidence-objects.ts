import 'server-only';
import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from './database';
import { DELETED_CHAINS } from './deleted-chains';

export type EvidenceObject = { digest: string; size_bytes: number | null; chain: string | null };

/** Every object that something on record consists of, in order of digest, from behind `after` on: how large it must be, if that is on record, and the chain it is of. */
export async function evidenceObjects(db: Db, after: string, limit: number): Promise<EvidenceObject[]> {
  const { rows } = await sql<EvidenceObject>`
    SELECT digest, max(size_bytes)::bigint AS size_bytes, min(chain) AS chain FROM (${named(sql`> ${after}`)}) AS objects GROUP BY digest ORDER BY digest LIMIT ${limit}`.execute(
    db,
  );
  return rows;
}

/** Whether anything on record consists of the object. */
export async function isNeeded(db: Db | Tx, digest: string): Promise<boolean> {
  const { rows } = await sql`SELECT FROM (${named(sql`= ${digest}`)}) AS objects LIMIT 1`.execute(db);
  return rows.length > 0;
}

/** Whether an object was deleted on purpose, and nothing has needed it since. */
export async function isDeletedObject(db: Db | Tx, digest: string): Promise<boolean> {
  const row = await db
    .selectFrom('deleted_objects')
    .select('digest')
    .where('digest', '=', digest)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined && !(await isNeeded(db, digest));
}

/** Every mention of an object whose digest is so: not those of chains that were deleted, nor of archives that were deleted with one, nor of packages what was. */
function named(is: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
      SELECT s.digest, s.size_bytes, c.name AS chain FROM upload_segments s JOIN uploads u ON u.id = s.upload_id JOIN chains c ON c.id = u.chain_id WHERE s.digest ${is} AND c.id NOT IN ${DELETED_CHAINS}
      UNION ALL SELECT s.digest, s.size_bytes, c.name FROM chain_segments s JOIN chains c ON c.id = s.chain_id WHERE s.digest ${is} AND c.id NOT IN ${DELETED_CHAINS}
      UNION ALL SELECT s.digest, s.size_bytes, c.name FROM sidecars s JOIN chains c ON c.id = s.chain_id WHERE s.digest ${is} AND c.id NOT IN ${DELETED_CHAINS}
      UNION ALL SELECT digest, size_bytes, NULL FROM archives a WHERE digest ${is} AND NOT EXISTS (SELECT FROM deleted_objects x JOIN chain_deletions d ON d.chain_id = x.chain_id
        WHERE x.digest = a.digest AND d.requested_at >= a.received_at)
      UNION ALL SELECT b.digest, b.size_bytes, c.name FROM attestation_bundles b JOIN attestations a ON a.id = b.attestation_id LEFT JOIN chains c ON c.id = a.chain_id WHERE b.digest ${is}
      UNION ALL SELECT e->>'digest', (e->>'sizeBytes')::bigint, NULL FROM packages p, jsonb_array_elements(p.entries) e WHERE e->>'digest' ${is}
        AND NOT EXISTS (SELECT FROM deleted_objects x WHERE x.digest = e->>'digest')
      UNION ALL SELECT tombstone_digest, tombstone_bytes, NULL FROM chain_deletions WHERE tombstone_digest ${is}
      UNION ALL SELECT e->>'digest', (e->>'sizeBytes')::bigint, NULL FROM report_runs r, jsonb_array_elements(r.entries) e WHERE e->>'digest' ${is}`;
}
