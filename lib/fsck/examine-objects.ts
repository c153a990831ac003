import 'server-only';
import type { Context } from '../context';
import { type EvidenceObject, evidenceObjects } from '../db/evidence-objects';
import type { Reporter } from './drift';
import { isGone } from './gone';

const PAGE = 500;

/** Reads every object anything names back from the evidence store, and holds its bytes against its name and the size on record. */
export async function examineObjects(ctx: Context, report: Reporter): Promise<void> {
  for (let after = ''; ; ) {
    const rows = await evidenceObjects(ctx.db, after, PAGE);
    for (const row of rows) await examine(ctx, row, report);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.digest;
  }
}

async function examine(
  ctx: Context,
  { digest, size_bytes: sizeBytes, chain }: EvidenceObject,
  report: Reporter,
): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of await ctx.evidence.read(digest)) {
      bytes += chunk.length;
      report.examined.bytes += (chunk as Buffer).length;
    }
  } catch (error) {
    if (!isGone(error)) throw error;
    if (error.code !== 'EVIDENCE_ALTERED')
      report.drift({
        kind: 'object-missing',
        chain,
        what: digest,
        expected: sizeBytes === null ? 'an object' : `${sizeBytes} bytes`,
        found: 'nothing',
      });
    else
      report.drift({
        kind: 'object-altered',
        chain,
        what: digest,
        expected: 'the bytes of that digest',
        found: 'other bytes',
      });
    return;
  }
  report.examined.objects += 1;
  if (sizeBytes !== null && bytes !== sizeBytes)
    report.drift({
      kind: 'object-altered',
      chain,
      what: digest,
      expected: `${sizeBytes} bytes on record`,
      found: `${bytes} bytes`,
    });
}
