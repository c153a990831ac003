import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { verifyBundle } from '../core/statements/verify-bundle';
import { decodeCursor, encodeCursor } from '../db/cursor';
import { UuidPlace } from '../db/places';
import { readObject } from '../evidence/store';
import type { Attestation, AttestationDetail } from '../schemas/attestations';
import type { Page } from '../schemas/common';
import { getKey } from './keys';

/** Newest first: ids are made in order of time. */
export async function listAttestations(ctx: Context, { chainId, cursor, limit }: { chainId?: string; cursor?: string; limit: number }): Promise<Page<Attestation>> {
  const after = cursor ? decodeCursor(UuidPlace, cursor)[0] : null;
  const rows = await attestationRows(ctx)
    .$if(!!chainId, (query) => query.where('a.chain_id', '=', chainId ?? ''))
    .$if(after !== null, (query) => query.where('a.id', '<', after ?? ''))
    .orderBy('a.id', 'desc')
    .limit(limit + 1)
    .execute();
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { items: rows.slice(0, limit).map(toAttestation), nextCursor: last ? encodeCursor([last.id]) : null };
}

/** @throws AppError NOT_FOUND. */
export async function getAttestationRow(ctx: Context, { attestationId }: { attestationId: string }): Promise<Attestation> {
  return toAttestation(await requireAttestation(ctx, attestationId));
}

/** An attestation with its bundle checked now, step by step, against the key on record and the segments in evidence. @throws AppError NOT_FOUND. */
export async function getAttestation(ctx: Context, { attestationId }: { attestationId: string }): Promise<AttestationDetail> {
  const row = await requireAttestation(ctx, attestationId);
  const key = await getKey(ctx, { hint: row.key_hint });
  const bundle: unknown = JSON.parse((await readObject(ctx.evidence, row.bundle_digest)).toString('utf8'));
  const segments = await ctx.db.selectFrom('attestation_segments').select('digest').where('attestation_id', '=', attestationId).execute();
  const { steps, statement } = verifyBundle(bundle, { trust: { keys: [{ hint: key.hint, publicKeyPem: key.publicKeyPem }], trustedRoot: null, identities: [], require: { logEntries: 0, timestamps: 0 } }, subjectSha256: segments[0]?.digest });
  const sizes = await Promise.all(segments.map(({ digest }) => ctx.evidence.stat(digest)));
  const missing = sizes.filter((size) => size === null).length;
  return {
    ...toAttestation(row),
    statement,
    publicKeyPem: key.publicKeyPem,
    steps: [
      ...steps,
      {
        id: 'chain',
        title: 'The segments it speaks of are in evidence',
        ok: missing === 0,
        detail: missing === 0 ? `${segments.length} of ${segments.length} segments are stored under the digests the statement names` : `${missing} of ${segments.length} segments are missing`,
      },
    ],
  };
}

/** The bundle's bytes as they were signed and stored. @throws AppError NOT_FOUND. */
export async function getBundle(ctx: Context, { attestationId }: { attestationId: string }): Promise<{ fileName: string; bytes: Buffer }> {
  const row = await requireAttestation(ctx, attestationId);
  return { fileName: `${row.chain.replaceAll(/[^\w.-]+/g, '_')}-${row.id}.sigstore.json`, bytes: await readObject(ctx.evidence, row.bundle_digest) };
}

function attestationRows(ctx: Context) {
  return ctx.db.selectFrom('attestations as a').innerJoin('chains as c', 'c.id', 'a.chain_id').selectAll('a').select('c.name as chain');
}
type Row = Awaited<ReturnType<ReturnType<typeof attestationRows>['executeTakeFirstOrThrow']>>;

async function requireAttestation(ctx: Context, attestationId: string): Promise<Row> {
  const row = await attestationRows(ctx).where('a.id', '=', attestationId).executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'no attestation has this id', { attestationId });
  return row;
}

function toAttestation(row: Row): Attestation {
  return {
    id: row.id,
    chainId: row.chain_id,
    chain: row.chain,
    verdict: row.verdict,
    predicateType: row.predicate_type,
    subjects: row.subjects,
    firstRecord: row.first_record,
    lastRecord: row.last_record,
    records: row.records,
    keyHint: row.key_hint,
    signer: row.signer,
    bundleSha256: row.bundle_digest,
    signedAt: row.signed_at.toISOString(),
  };
}
