import 'server-only';
import { sql } from 'kysely';
import type { Db } from './database';

export type EvidenceObject = { digest: string; size_bytes: number | null; chain: string | null };

/** Every object that something on record consists of, in order of digest, from behind `after` on: how large it must be, if that is on record, and the chain it is of. */
export async function evidenceObjects(db: Db, after: string, limit: number): Promise<EvidenceObject[]> {
  const { rows } = await sql<EvidenceObject>`
    SELECT digest, max(size_bytes)::bigint AS size_bytes, min(chain) AS chain FROM (
      SELECT s.digest, s.size_bytes, c.name AS chain FROM upload_segments s JOIN uploads u ON u.id = s.upload_id JOIN chains c ON c.id = u.chain_id WHERE s.digest > ${after}
      UNION ALL SELECT s.digest, s.size_bytes, c.name FROM chain_segments s JOIN chains c ON c.id = s.chain_id WHERE s.digest > ${after}
      UNION ALL SELECT s.digest, s.size_bytes, c.name FROM sidecars s JOIN chains c ON c.id = s.chain_id WHERE s.digest > ${after}
      UNION ALL SELECT digest, size_bytes, NULL FROM archives WHERE digest > ${after}
      UNION ALL SELECT b.digest, b.size_bytes, c.name FROM attestation_bundles b JOIN attestations a ON a.id = b.attestation_id LEFT JOIN chains c ON c.id = a.chain_id WHERE b.digest > ${after}
      UNION ALL SELECT e->>'digest', (e->>'sizeBytes')::bigint, NULL FROM packages p, jsonb_array_elements(p.entries) e WHERE e->>'digest' > ${after}
      UNION ALL SELECT e->>'digest', (e->>'sizeBytes')::bigint, NULL FROM report_runs r, jsonb_array_elements(r.entries) e WHERE e->>'digest' > ${after}
    ) AS objects GROUP BY digest ORDER BY digest LIMIT ${limit}`.execute(db);
  return rows;
}
