import 'server-only';
import { bundleToJSON } from '@sigstore/bundle';
import type { Actor } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { canonicalJson, statementPayload } from '../core/statements/dsse';
import {
  EVIDENCE_PACKAGE_TYPE,
  MANIFEST,
  MANIFEST_BUNDLE,
  buildPackageStatement,
} from '../core/statements/predicates/evidence-package';
import { POLICIES } from '../core/statements/policies/audit-chain';
import { appendToLog } from '../attest/log/append-entry';
import { signedByOne } from '../attest/signed-by-one';
import { currentSigner } from '../attest/signers';
import { leaseEnd, retryAt, underLease } from '../db/lease';
import { lockUntilCommit } from '../db/lock';
import type { PackageOf } from '../schemas/packages';
import { VERSION } from '../config/version';
import { addLogProofs } from './add-log-proofs';
import { addReport } from './add-report';
import { createPackageFiles } from './files';
import { gather } from './gather';
import { manifestOf } from './manifest';
import { failureOf } from './failure-of';
import { readmeOf } from './readme';
import { addKeys } from './signed-with';
import { VERIFIER_PROGRAM, verifierHtml, verifierProgram } from '../config/verifier-html';

type Row = { id: string; of: PackageOf; requested_by: string; attempts: number };

/** Makes what was asked for, once. What keeps it from being made stands in its row; it is tried again while that may help. */
export async function makePackage(
  ctx: Context,
  { packageId, actor }: { packageId: string; actor: Actor },
): Promise<void> {
  const row = await ctx.db
    .updateTable('packages')
    .set((eb) => ({ attempts: eb('attempts', '+', 1), next_try_at: leaseEnd(ctx) }))
    .where('id', '=', packageId)
    .where('state', '=', 'waiting')
    .where('next_try_at', '<=', ctx.now())
    .returning(['id', 'of', 'requested_by', 'attempts'])
    .executeTakeFirst();
  if (!row) return;
  try {
    const renew = () =>
      ctx.db
        .updateTable('packages')
        .set({ next_try_at: leaseEnd(ctx) })
        .where('id', '=', packageId)
        .where('state', '=', 'waiting')
        .execute();
    await underLease(ctx, renew, () => make(ctx, row, actor));
  } catch (error) {
    const { isFinal, failure } = failureOf(error, row.attempts);
    await ctx.db
      .updateTable('packages')
      .set({
        state: isFinal ? 'failed' : 'waiting',
        failure,
        next_try_at: retryAt(ctx, row.attempts),
      })
      .where('id', '=', packageId)
      .where('state', '=', 'waiting')
      .execute();
    ctx.log.warn(
      { err: error, packageId },
      isFinal ? 'the evidence package cannot be made' : 'the evidence package is not made yet; it is tried again',
    );
  }
}

async function make(ctx: Context, { id, of, requested_by: requestedBy }: Row, actor: Actor): Promise<void> {
  const madeAt = ctx.now();
  const files = createPackageFiles(ctx);
  const gathered = await gather(ctx, { packageId: id, of, requestedBy, actor }, files);
  const hasReport = of.kind === 'period' && of.chainIds === null;
  if (hasReport) await addReport(ctx, of, files);
  const keys = await addKeys(ctx, files);
  const logOrigin = await addLogProofs(ctx, gathered.attestations, files);
  await files.add('verify.html', await verifierHtml());
  await files.add(VERIFIER_PROGRAM, await verifierProgram());
  for (const policy of POLICIES) await files.add(`policies/${policy.sha256}.md`, policy.text);
  await files.add(
    'README.md',
    readmeOf({
      gathered,
      keys,
      packageType: EVIDENCE_PACKAGE_TYPE,
      madeAt,
      host: new URL(ctx.env.publicUrl).host,
      version: VERSION,
      hasReport,
      logOrigin,
    }),
  );

  const listed = files.entries();
  const manifest = await files.add(MANIFEST, manifestOf(listed));
  const statement = buildPackageStatement(manifest.digest, {
    package: { id, about: gathered.about },
    tool: { name: 'sealtrail', version: VERSION },
    files: listed.length,
    sizeBytes: listed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    chains: gathered.chains.map((chain) => ({ name: chain.name, id: chain.id, verdict: chain.verdict })),
    attestations: gathered.attestations.map((attestation) => ({
      id: attestation.id,
      bundle: { sha256: attestation.bundleSha256 },
    })),
    createdAt: madeAt.toISOString(),
  });
  const signer = await currentSigner(ctx);
  const bundle = await signer.sign(Buffer.from(statementPayload(statement)));
  const signedBy = await signedByOne(ctx, signer, [bundle]);
  await files.add(MANIFEST_BUNDLE, `${canonicalJson(bundleToJSON(bundle))}\n`);

  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'package', id);
    const done = await tx
      .updateTable('packages')
      .set({
        ...signedBy,
        state: 'done',
        failure: null,
        made_at: madeAt,
        entries: JSON.stringify(files.entries()),
        manifest_digest: manifest.digest,
        verdict: gathered.verdict,
        chains: JSON.stringify(gathered.chains.map(({ name }) => name)),
      })
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .returning('id')
      .executeTakeFirst();
    if (!done) return;
    await appendToLog(ctx, tx, { kind: 'package', packageSha256: manifest.digest });
    await audit.append(tx, actor, {
      action: 'package.make',
      subjectId: id,
      details: { manifestSha256: manifest.digest, verdict: gathered.verdict },
    });
  });
}
