import 'server-only';
import { type Bundle, bundleToJSON } from '@sigstore/bundle';
import { type Selectable, sql } from 'kysely';
import { SIGNER } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { canonicalJson, statementPayload } from '../core/statements/dsse';
import type { Statement } from '../core/statements/statement';
import type { AttestationRequestsTable } from '../db/attestation-tables';
import { lockUntilCommit } from '../db/lock';
import { type StoredObject, putObject } from '../evidence/store';
import { type Drafted, draftChain } from './draft';
import { appendToLog } from './log/append-entry';
import { draftPeriod } from './period';
import { requireGenuine } from './require-genuine';
import { signedByOne } from './signed-by-one';
import { currentSigner } from './signers';

type Request = Selectable<AttestationRequestsTable>;

/**
 * Signs the statements a request asks for, stores their bundles as evidence and, in one transaction, the attestation, what it covers and its
 * entry in the transparency log. Null when another attested the same request meanwhile: nothing of ours is kept then.
 * @throws AppError NOT_FOUND, CONFLICT while a stage is still at work, TOO_LARGE, SIGNING_UNAVAILABLE, SIGNING_FAILED, and as `requireGenuine` when evidence is damaged.
 */
export async function attest(ctx: Context, request: Request): Promise<string | null> {
  const signedAt = ctx.now();
  // Statements name where their bytes are fetched: under the attestation's own id.
  const { id: attestationId } = await ctx.db.selectNoFrom(sql<string>`uuidv7()`.as('id')).executeTakeFirstOrThrow();
  const drafted = await draft(ctx, request, attestationId, signedAt);
  await requireGenuine(ctx, drafted, request.cause);
  const signer = await currentSigner(ctx);
  const bundles: { statement: Statement; bundle: Bundle; stored: StoredObject }[] = [];
  for (const statement of drafted.statements) {
    const bundle = await signer.sign(Buffer.from(statementPayload(statement)));
    bundles.push({
      statement,
      bundle,
      stored: await putObject(ctx.evidence, Buffer.from(`${canonicalJson(bundleToJSON(bundle))}\n`)),
    });
  }
  const signedBy = await signedByOne(
    ctx,
    signer,
    bundles.map(({ bundle }) => bundle),
  );
  const [ours] = bundles;
  if (!ours) throw new AppError('CONFLICT', 'there is nothing to state', { requestId: request.id });

  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'attestation', request.id);
    const waiting = await tx
      .selectFrom('attestation_requests')
      .select('id')
      .where('id', '=', request.id)
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    if (!waiting) return null;
    const { id } = await tx
      .insertInto('attestations')
      .values({
        id: attestationId,
        chain_id: request.chain_id,
        generation: drafted.generation,
        verdict: drafted.verdict,
        predicate_type: ours.statement.predicateType,
        subjects: JSON.stringify(
          ours.statement.subject.map(({ name, digest }) => ({ name: name ?? '', sha256: digest.sha256 ?? '' })),
        ),
        first_record: drafted.covered.first,
        last_record: drafted.covered.last,
        records: drafted.covered.count,
        signer: signer.name,
        ...signedBy,
        bundle_digest: ours.stored.digest,
        bundle_size_bytes: ours.stored.sizeBytes,
        requested_by: request.requested_by,
        signed_at: signedAt,
        request_id: request.id,
        scope: JSON.stringify(request.scope),
        excerpt: drafted.excerpt && JSON.stringify(drafted.excerpt),
        tree_size: drafted.tree?.size ?? null,
        tree_root: drafted.tree?.rootHash ?? null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('attestation_bundles')
      .values(
        bundles.map(({ statement, stored }, n) => ({
          attestation_id: id,
          n,
          predicate_type: statement.predicateType,
          digest: stored.digest,
          size_bytes: stored.sizeBytes,
        })),
      )
      .execute();
    await tx
      .insertInto('attestation_chains')
      .values(
        drafted.chains.map(({ chainId, verdict, first, last, count }) => ({
          attestation_id: id,
          chain_id: chainId,
          verdict,
          first_record: first,
          last_record: last,
          records: count,
        })),
      )
      .execute();
    // A chain may hold the same bytes twice.
    const segments = [...new Map(drafted.segments.map((segment) => [segment.digest, segment])).values()];
    for (let at = 0; at < segments.length; at += 1000) {
      await tx
        .insertInto('attestation_segments')
        .values(segments.slice(at, at + 1000).map((segment) => ({ attestation_id: id, ...segment })))
        .execute();
    }
    for (const { statement, stored } of bundles) {
      await appendToLog(ctx, tx, {
        kind: 'attestation',
        attestationId: id,
        bundleSha256: stored.digest,
        predicateType: statement.predicateType,
      });
    }
    if (request.supersedes) {
      const old = await tx
        .updateTable('attestations')
        .set({ superseded_by: id })
        .where('id', '=', request.supersedes)
        .where('superseded_by', 'is', null)
        .returning('id')
        .executeTakeFirst();
      if (old)
        await appendToLog(ctx, tx, { kind: 'supersession', attestationId: request.supersedes, supersededBy: id });
    }
    await tx
      .updateTable('attestation_requests')
      .set({ state: 'done', failure: null, attestation_id: id })
      .where('id', '=', request.id)
      .execute();
    await audit.append(tx, SIGNER, {
      action: 'attestation.sign',
      subjectId: id,
      details: { requestId: request.id, bundleSha256: ours.stored.digest, keyHint: signedBy.key_hint },
    });
    return id;
  });
}

function draft(
  ctx: Context,
  { chain_id: chainId, scope, generation }: Request,
  attestationId: string,
  at: Date,
): Promise<Drafted> {
  if (scope.kind === 'period') return draftPeriod(ctx, scope, at);
  if (chainId === null) throw new AppError('BAD_REQUEST', 'the request names no chain');
  return draftChain(ctx, { attestationId, chainId, scope, generation }, at);
}
