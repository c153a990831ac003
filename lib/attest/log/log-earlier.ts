import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../../context';
import { lockUntilCommit } from '../../db/lock';
import { appendToLog } from './append-entry';

const PAGE = 200;

/** Tells the log of every bundle it does not know of: those an installation made before it had a log. Run again, it finds nothing to tell. */
export async function logEarlier(ctx: Context): Promise<void> {
  for (let reported = PAGE; reported === PAGE; ) {
    reported = await ctx.db.transaction().execute(async (tx) => {
      await lockUntilCommit(tx, 'log', 'entries');
      const { rows } = await sql<{ attestationId: string; bundleSha256: string; predicateType: string }>`
        SELECT b.attestation_id AS "attestationId", b.digest AS "bundleSha256", b.predicate_type AS "predicateType" FROM attestation_bundles b
        WHERE NOT EXISTS (SELECT FROM log_entries e WHERE e.kind = 'attestation' AND e.about = b.attestation_id::text AND position(convert_to(b.digest, 'UTF8') IN e.entry) > 0)
        ORDER BY b.attestation_id, b.n LIMIT ${PAGE}`.execute(tx);
      for (const row of rows) await appendToLog(ctx, tx, { kind: 'attestation', ...row });
      return rows.length;
    });
  }
}
