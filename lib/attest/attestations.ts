import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { type Check, checkWords, described, isMet } from '../core/checks/check';
import { reasonWords } from '../core/checks/reasons';
import { predicateLabel } from '../core/statements/describe';
import { excessSubjects } from '../core/statements/subjects-in-scope';
import { type BundleCheck, verifyBundle } from '../core/statements/verify-bundle';
import { isAnyDamaged } from '../db/evidence-damage';
import { isOfFleet } from '../db/of-fleet';
import { type SortColumns, listOrder, rankOf } from '../db/list-order';
import { readObject } from '../evidence/store';
import type { AttestationBundle, AttestationDetail } from '../schemas/attestation-detail';
import type { Attestation, AttestationSort } from '../schemas/attestations';
import { type Page, SignedVerdict } from '../schemas/common';
import { listKeys } from './keys';
import { ownTrust } from './trust';

const SORTED_BY: SortColumns<'signed' | 'chain' | 'verdict' | 'records'> = {
  signed: null,
  chain: { value: sql<string>`coalesce(c.name, '')`, type: 'text' },
  verdict: { value: rankOf(sql`a.verdict`, SignedVerdict.options), type: 'bigint' },
  records: { value: sql<number>`a.records`, type: 'bigint' },
};

/** One of several chains has none of its own. */
const isOfFleetOrMany = sql<boolean>`(a.chain_id IS NULL OR ${isOfFleet('a.chain_id')})`;

/** Newest first, unless another order is asked for: ids are made in order of time. Of a chain those that cover part of it with others too. */
export async function listAttestations(
  ctx: Context,
  {
    chainId,
    sort = '-signed',
    cursor,
    limit,
  }: { chainId?: string; sort?: AttestationSort; cursor?: string; limit: number },
): Promise<Page<Attestation>> {
  const order = listOrder(sort, SORTED_BY, sql<string>`a.id`);
  const rows = await attestationRows(ctx)
    .$if(chainId !== undefined, (query) =>
      query.where((eb) =>
        eb.exists(
          eb
            .selectFrom('attestation_chains as l')
            .whereRef('l.attestation_id', '=', 'a.id')
            .where('l.chain_id', '=', chainId ?? '')
            .select('l.chain_id'),
        ),
      ),
    )
    .$if(chainId === undefined, (query) => query.where(isOfFleetOrMany))
    .where(order.after(cursor))
    .select(order.place.as('place'))
    .orderBy(order.orderBy)
    .limit(limit + 1)
    .execute();
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(toAttestation),
    nextCursor: last ? order.cursorOf(last) : null,
    total: await countAttestations(ctx, chainId),
  };
}

async function countAttestations(ctx: Context, chainId: string | undefined): Promise<number> {
  const counted =
    chainId === undefined
      ? ctx.db
          .selectFrom('attestations as a')
          .where(isOfFleetOrMany)
          .select(({ fn }) => fn.countAll<number>().as('total'))
      : ctx.db
          .selectFrom('attestation_chains')
          .where('chain_id', '=', chainId)
          .select(({ fn }) => fn.count<number>('attestation_id').distinct().as('total'));
  return Number((await counted.executeTakeFirstOrThrow()).total);
}

/** @throws AppError NOT_FOUND. */
export async function getAttestationRow(
  ctx: Context,
  { attestationId }: { attestationId: string },
): Promise<Attestation> {
  return toAttestation(await requireAttestation(ctx, attestationId));
}

/** An attestation with every bundle checked now, ours step by step, against who is on record as having signed it, the trusted root and the segments in evidence. @throws AppError NOT_FOUND. */
export async function getAttestation(
  ctx: Context,
  { attestationId }: { attestationId: string },
): Promise<AttestationDetail> {
  const row = await requireAttestation(ctx, attestationId);
  const [keys, trust, bundles, segments, chains, logged] = await Promise.all([
    listKeys(ctx),
    ownTrust(ctx, row),
    ctx.db
      .selectFrom('attestation_bundles')
      .selectAll()
      .where('attestation_id', '=', attestationId)
      .orderBy('n')
      .execute(),
    ctx.db.selectFrom('attestation_segments').select('digest').where('attestation_id', '=', attestationId).execute(),
    ctx.db
      .selectFrom('attestation_chains as l')
      .innerJoin('chains as c', 'c.id', 'l.chain_id')
      .where('l.attestation_id', '=', attestationId)
      .select([
        'c.id as chainId',
        'c.name as chain',
        'l.verdict',
        OF_CHAIN.as('damaged'),
        'l.first_record as firstRecord',
        'l.last_record as lastRecord',
        'l.records',
      ])
      .orderBy('c.name')
      .execute(),
    ctx.db
      .selectFrom('log_entries')
      .select(['index', 'about'])
      .where('kind', '=', 'attestation')
      .where('about', '=', attestationId)
      .orderBy('index')
      .execute(),
  ]);
  const checks = await Promise.all(
    bundles.map(async ({ n, digest }) => {
      const subjectSha256 =
        row.scope.kind === 'period' || (n === 0 && row.scope.kind === 'chain')
          ? segments[0]?.digest
          : partOrWhole(row, segments);
      return verifyBundle(JSON.parse((await readObject(ctx.evidence, digest)).toString('utf8')), {
        trust,
        ...(subjectSha256 && { subjectSha256 }),
      });
    }),
  );
  const [ours] = checks;
  if (!ours) throw new AppError('NOT_FOUND', 'the attestation has no bundle', { attestationId });
  const stored = await Promise.all(segments.map(({ digest }) => ctx.evidence.stat(digest)));
  const missing = stored.filter((size) => size === null).length;
  return {
    ...toAttestation(row),
    statement: ours.statement,
    steps: [...ours.steps, evidenceCheck({ segments: segments.length, missing, damaged: row.damaged })].map(described),
    bundles: bundles.map((bundle, at) => toBundle(bundle, checks[at] ?? ours, logged[at]?.index ?? null)),
    chains,
    times: ours.times,
    logEntries: ours.logEntries,
    certificate: ours.signedBy?.kind === 'certificate' ? ours.signedBy : null,
    publicKeyPem: keys.find(({ hint }) => hint === row.key_hint)?.publicKeyPem ?? null,
    excerpt: excerptOf(row),
  };
}

/** A bundle's bytes as they were signed and stored, ours unless another is named. @throws AppError NOT_FOUND. */
export async function getBundle(
  ctx: Context,
  { attestationId, n = 0 }: { attestationId: string; n?: number },
): Promise<{ fileName: string; bytes: Buffer }> {
  const row = await requireAttestation(ctx, attestationId);
  const bundle = await ctx.db
    .selectFrom('attestation_bundles')
    .selectAll()
    .where('attestation_id', '=', attestationId)
    .where('n', '=', n)
    .executeTakeFirst();
  if (!bundle) throw new AppError('NOT_FOUND', 'the attestation has no bundle of this number', { attestationId, n });
  return { fileName: bundleFileName(row, bundle), bytes: await readObject(ctx.evidence, bundle.digest) };
}

/** As a bundle is called wherever it is handed out. */
export function bundleFileName(
  { id, chain }: { id: string; chain: string | null },
  { n, predicate_type: type }: { n: number; predicate_type: string },
): string {
  const part = n === 0 ? '' : `.${(predicateLabel(type) ?? `statement ${n}`).toLowerCase().replaceAll(/\W+/g, '-')}`;
  return `${(chain ?? 'period')
    .replaceAll(/[^\w.-]+/g, '_')
    .replace(/^[.-]+/, '_')
    .slice(0, 120)}-${id}${part}.sigstore.json`;
}

function toBundle(
  {
    n,
    predicate_type: predicateType,
    digest,
    size_bytes: bytes,
  }: { n: number; predicate_type: string; digest: string; size_bytes: number },
  { ok, steps, statement }: BundleCheck,
  logIndex: number | null,
): AttestationBundle {
  const label = predicateLabel(predicateType) ?? predicateType;
  const excess = statement && excessSubjects(statement);
  if (excess)
    return {
      n,
      predicateType,
      label,
      sha256: digest,
      bytes,
      holds: false,
      detail: `Do not hand it on: ${reasonWords(excess)}`,
      logIndex,
      namesTooMuch: true,
    };
  const wrong = steps.find((check) => !isMet(check));
  const stated = steps.find(({ step }) => step === 'statement');
  return {
    n,
    predicateType,
    label,
    sha256: digest,
    bytes,
    holds: ok,
    detail: wrong ? checkWords(wrong) : stated ? reasonWords(stated.reason) : '',
    logIndex,
    namesTooMuch: false,
  };
}

/** Whether the segments a statement speaks of are stored as they were. */
function evidenceCheck({ segments, missing, damaged }: { segments: number; missing: number; damaged: boolean }): Check {
  if (missing > 0)
    return { step: 'evidence', status: 'failed', reason: { code: 'segments-missing', segments, missing } };
  if (damaged) return { step: 'evidence', status: 'failed', reason: { code: 'segments-damaged' } };
  return { step: 'evidence', status: 'passed', reason: { code: 'segments-stored', segments } };
}

/** What every statement names: the excerpt of a part. Of a chain in several segments those beside ours name its bytes as a whole, whose digest is on record in them alone. */
function partOrWhole(
  { scope, subjects }: Pick<Row, 'scope' | 'subjects'>,
  segments: readonly { digest: string }[],
): string | undefined {
  if (scope.kind !== 'chain') return subjects[0]?.sha256;
  return segments.length === 1 ? segments[0]?.digest : undefined;
}

/** The subject that is exactly the records covered: it comes first when there is one. */
function excerptOf({ scope, subjects }: Pick<Row, 'scope' | 'subjects'>): AttestationDetail['excerpt'] {
  const [subject] = subjects;
  return scope.kind === 'chain' || scope.kind === 'period' || !subject
    ? null
    : { fileName: subject.name, sha256: subject.sha256 };
}

const OF_CHAIN = isAnyDamaged(
  sql`SELECT s.digest FROM attestation_segments s JOIN chain_segments k ON k.digest = s.digest AND k.chain_id = l.chain_id WHERE s.attestation_id = l.attestation_id`,
);
const SPEAKS_OF = isAnyDamaged(
  sql`SELECT digest FROM attestation_segments WHERE attestation_id = a.id UNION ALL SELECT digest FROM attestation_bundles WHERE attestation_id = a.id`,
);

function attestationRows(ctx: Context) {
  return ctx.db
    .selectFrom('attestations as a')
    .leftJoin('chains as c', 'c.id', 'a.chain_id')
    .selectAll('a')
    .select(['c.name as chain', SPEAKS_OF.as('damaged')]);
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
    scope: row.scope,
    verdict: row.verdict,
    damaged: row.damaged,
    predicateType: row.predicate_type,
    subjects: row.subjects,
    firstRecord: row.first_record,
    lastRecord: row.last_record,
    records: row.records,
    keyHint: row.key_hint,
    signer: row.signer,
    signedBy: row.signed_by,
    bundleSha256: row.bundle_digest,
    signedAt: row.signed_at.toISOString(),
    requestedBy: row.requested_by,
    tree: row.tree_size !== null && row.tree_root !== null ? { size: row.tree_size, rootHash: row.tree_root } : null,
    withdrawn: row.withdrawn_at
      ? { at: row.withdrawn_at.toISOString(), by: row.withdrawn_by ?? '', reason: row.withdrawn_reason ?? '' }
      : null,
    supersededBy: row.superseded_by,
  };
}
