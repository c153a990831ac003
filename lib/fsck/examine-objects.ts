import 'server-only';
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { Reporter } from './drift';

const PAGE = 500;
type Named = { digest: string; size_bytes: number | null };

/** Reads every object anything names back from the evidence store, and holds its bytes against its name and the size on record. */
export async function examineObjects(ctx: Context, report: Reporter): Promise<void> {
  for (let after = ''; ; ) {
    const { rows } = await sql<Named>`
      SELECT digest, max(size_bytes) AS size_bytes FROM (
        SELECT digest, size_bytes FROM upload_segments
        UNION ALL SELECT digest, size_bytes FROM attestation_bundles
        UNION ALL SELECT digest, size_bytes FROM archives
        UNION ALL SELECT entry->>'digest', (entry->>'sizeBytes')::bigint FROM packages, jsonb_array_elements(entries) AS entry
        UNION ALL SELECT digest, size_bytes FROM sidecars
      ) AS named (digest, size_bytes)
      WHERE digest > ${after} GROUP BY digest ORDER BY digest LIMIT ${PAGE}`.execute(ctx.db);
    for (const row of rows) await examine(ctx, row, report);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.digest;
  }
}

async function examine(ctx: Context, { digest, size_bytes: sizeBytes }: Named, report: Reporter): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of await ctx.evidence.read(digest)) {
      hash.update(chunk as Buffer); // a byte stream without encoding yields Buffers
      bytes += (chunk as Buffer).length;
      report.examined.bytes += (chunk as Buffer).length;
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'EVIDENCE_MISSING') throw error;
    report.drift({ kind: 'object-missing', chain: null, what: digest, expected: sizeBytes === null ? 'an object' : `${sizeBytes} bytes`, found: 'nothing' });
    return;
  }
  report.examined.objects += 1;
  const found = hash.digest('hex');
  if (found !== digest) report.drift({ kind: 'object-altered', chain: null, what: digest, expected: digest, found });
  else if (sizeBytes !== null && bytes !== sizeBytes) report.drift({ kind: 'object-altered', chain: null, what: digest, expected: `${sizeBytes} bytes on record`, found: `${bytes} bytes` });
}
