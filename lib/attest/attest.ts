import 'server-only';
import { bundleToJSON } from '@sigstore/bundle';
import { type Selectable, sql } from 'kysely';
import { SIGNER } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { canonicalJson, statementPayload } from '../core/statements/dsse';
import type { Statement } from '../core/statements/statement';
import type { AttestationRequestsTable } from '../db/attestation-tables';
import type { Tx } from '../db/database';
import { lockUntilCommit } from '../db/lock';
import { putObject } from '../evidence/store';
import { type Drafted, draftChain } from './draft';
import { type SignedAttestation, type SignedStatement, insertAttestation } from './insert-attestation';
import { appendToLog } from './log/append-entry';
import { draftPeriod } from './period';
import { requireGenuine } from './require-genuine';
import { signedByOne } from './signed-by-one';
import { currentSigner } from './signers';
import type { StatementSigner } from './signers/signer';

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
  const bundles = await signAll(ctx, signer, drafted.statements);
  const signedBy = await signedByOne(
    ctx,
    signer,
    bundles.map(({ bundle }) => bundle),
  );
  const [first] = bundles;
  if (!first) throw new AppError('CONFLICT', 'there is nothing to state', { requestId: request.id });

  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'attestation', request.id);
    const waiting = await tx
      .selectFrom('attestation_requests')
      .select('id')
      .where('id', '=', request.id)
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    if (!waiting) return null;
    const signed: SignedAttestation = { id: attestationId, signer: signer.name, signedBy, signedAt, first, bundles };
    await insertAttestation(tx, request, drafted, signed);
    await logAttestation(ctx, tx, request, signed);
    await tx
      .updateTable('attestation_requests')
      .set({ state: 'done', failure: null, attestation_id: attestationId })
      .where('id', '=', request.id)
      .execute();
    await audit.append(tx, SIGNER, {
      action: 'attestation.sign',
      subjectId: attestationId,
      chainId: request.chain_id,
      details: { requestId: request.id, bundleSha256: first.stored.digest, keyHint: signedBy.key_hint },
    });
    return attestationId;
  });
}

/** Signs each statement and stores its bundle. */
async function signAll(
  ctx: Context,
  signer: StatementSigner,
  statements: readonly Statement[],
): Promise<SignedStatement[]> {
  const bundles: SignedStatement[] = [];
  for (const statement of statements) {
    const bundle = await signer.sign(Buffer.from(statementPayload(statement)));
    const stored = await putObject(ctx.evidence, Buffer.from(`${canonicalJson(bundleToJSON(bundle))}\n`));
    bundles.push({ statement, bundle, stored });
  }
  return bundles;
}

/** The entries of the transparency log: of each bundle, and of the attestation that this one supersedes. */
async function logAttestation(
  ctx: Context,
  tx: Tx,
  { supersedes }: Request,
  { id, bundles }: SignedAttestation,
): Promise<void> {
  for (const { statement, stored } of bundles) {
    await appendToLog(ctx, tx, {
      kind: 'attestation',
      attestationId: id,
      bundleSha256: stored.digest,
      predicateType: statement.predicateType,
    });
  }
  if (!supersedes) return;
  const old = await tx
    .updateTable('attestations')
    .set({ superseded_by: id })
    .where('id', '=', supersedes)
    .where('superseded_by', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (old) await appendToLog(ctx, tx, { kind: 'supersession', attestationId: supersedes, supersededBy: id });
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
