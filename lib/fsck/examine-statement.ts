import 'server-only';
import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Context } from '../context';
import { auditChainSegment } from '../core/statements/predicates/audit-chain-segment';
import { auditPeriod } from '../core/statements/predicates/audit-period';
import type { Statement } from '../core/statements/statement';
import type { BundleCheck } from '../core/statements/verify-bundle';
import type { AttestationBundlesTable, AttestationsTable, ExcerptPlace } from '../db/attestation-tables';
import { readRanges } from '../attest/read-ranges';
import { type Values, compareRow, compareRows } from './compare';
import type { Reporter } from './drift';
import { unlessGone } from './gone';
import { type Stated, statedOfChain, statedOfPeriod } from './stated';

export type Attestation = Selectable<AttestationsTable> & { name: string | null };

/** Compares what is on record of an attestation with what its first statement says, and with what that rests on. */
export async function examineStatement(
  ctx: Context,
  row: Attestation,
  first: Selectable<AttestationBundlesTable>,
  { signedBy }: BundleCheck,
  statement: Statement,
  report: Reporter,
): Promise<void> {
  const chain = chainOf(row);
  const expected: Values = {
    bundle_digest: first.digest,
    bundle_size_bytes: first.size_bytes,
    predicate_type: statement.predicateType,
    subjects: statement.subject.map(({ name, digest }) => ({ name: name ?? '', sha256: digest['sha256'] ?? '' })),
    ...signerOf(row, signedBy),
  };
  if (row.excerpt !== null)
    expected['excerpt'] = await excerptOf(ctx, row.excerpt, statement.subject[0]?.digest['sha256'] ?? '');
  const said = auditChainSegment.isOf(statement)
    ? statedOfChain(row, statement)
    : auditPeriod.isOf(statement)
      ? statedOfPeriod(row, statement)
      : null;
  compareRow(report, { chain, table: 'attestations', row: row.id }, { ...expected, ...said?.row }, row);
  if (!said) return;
  const chains = await ctx.db
    .selectFrom('attestation_chains')
    .selectAll()
    .where('attestation_id', '=', row.id)
    .execute();
  compareRows(
    report,
    { chain, table: 'attestation_chains' },
    said.chains,
    new Map(chains.map((one) => [`${row.id} ${one.chain_id}`, one])),
  );
  const segments = await ctx.db
    .selectFrom('attestation_segments')
    .selectAll()
    .where('attestation_id', '=', row.id)
    .execute();
  compareRows(
    report,
    { chain, table: 'attestation_segments' },
    said.segments,
    new Map(segments.map((one) => [`${row.id} ${one.digest}`, one])),
  );
  for (const { digest } of segments) await requireUpload(ctx, row, digest, report);
  if (row.chain_id !== null && row.name === null)
    report.drift({
      kind: 'row-missing',
      chain: null,
      what: `chains: the chain attestation ${row.id} is about`,
      expected: row.chain_id,
      found: 'no row',
      at: { table: 'chains', row: row.chain_id, column: '*' },
    });
  for (const head of said.heads) await requireHead(ctx, row, head, report);
}

function signerOf(row: Attestation, signedBy: BundleCheck['signedBy']): Values {
  if (signedBy?.kind !== 'certificate') return { key_hint: signedBy?.hint, signed_by: null, signed_by_issuer: null };
  return {
    key_hint: null,
    signed_by: signedBy.subject,
    ...(row.signed_by_issuer !== null && { signed_by_issuer: signedBy.issuer }),
  };
}

/** A segment that an attestation covers came with an upload. */
async function requireUpload(ctx: Context, row: Attestation, digest: string, report: Reporter): Promise<void> {
  const uploaded = await ctx.db
    .selectFrom('upload_segments')
    .select('digest')
    .where('digest', '=', digest)
    .limit(1)
    .executeTakeFirst();
  if (!uploaded)
    report.drift({
      kind: 'row-missing',
      chain: chainOf(row),
      what: `upload_segments: segment ${digest} that attestation ${row.id} covers`,
      expected: 'a row',
      found: 'none',
      at: { table: 'upload_segments', row: digest, column: '*' },
    });
}

/** A head that an attestation states was seen. */
async function requireHead(
  ctx: Context,
  row: Attestation,
  { hash, records }: Stated['heads'][number],
  report: Reporter,
): Promise<void> {
  const head =
    row.chain_id &&
    (await ctx.db
      .selectFrom('heads')
      .select('id')
      .where('chain_id', '=', row.chain_id)
      .where('records', '=', records)
      .where('hash', '=', hash)
      .executeTakeFirst());
  if (!head)
    report.drift({
      kind: 'row-missing',
      chain: chainOf(row),
      what: `heads: record ${records - 1}, as attestation ${row.id} states`,
      expected: hash,
      found: 'no row',
      at: { table: 'heads', row: `${row.chain_id} ${records} ${hash}`, column: '*' },
    });
}

/** How a report names the chain of an attestation. */
export function chainOf({ name }: Attestation): string {
  return name ?? 'several chains';
}

/** Where the bytes lie, when those are the bytes the statement names. */
async function excerptOf(
  ctx: Context,
  { segments, ranges, sizeBytes }: ExcerptPlace,
  sha256: string,
): Promise<unknown> {
  const read = await unlessGone(hashOf(ctx, { segments, ranges, sizeBytes }));
  return read === null || (read.sha256 === sha256 && read.sizeBytes === sizeBytes)
    ? { segments, ranges, sizeBytes }
    : `places of ${sha256}`;
}

async function hashOf(
  { evidence }: Context,
  { segments, ranges }: ExcerptPlace,
): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    for await (const chunk of readRanges(evidence, segments, ranges)) {
      hash.update(chunk);
      sizeBytes += chunk.length;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // that it lies in none of them is the answer
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}
