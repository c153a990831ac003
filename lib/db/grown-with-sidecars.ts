import 'server-only';
import { type RawBuilder, sql } from 'kysely';

/**
 * Of a chain `c` with its tail `t`: it grew since it was joined, and is compared with its sidecar files or keys of its tool, what of it is open included.
 * Such a chain is joined again: what those say of it can change with every record. Nothing was held against a chain that was never joined.
 */
export function hasGrownWithSidecars(): RawBuilder<boolean> {
  return sql<boolean>`(c.verified_generation = c.generation AND t.complete_bytes > t.closed_bytes AND t.appended_at >= c.verified_at
    AND (c.checked_sidecars <> '[]'::jsonb AND c.time_gaps IS NOT NULL OR EXISTS (SELECT 1 FROM sidecars f WHERE f.chain_id = c.id AND f.set_aside_at IS NULL)))`;
}
