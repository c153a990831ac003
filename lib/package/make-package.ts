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
import { attemptRequest, waitingRequest } from '../db/attempt-request';
import { retryAt } from '../db/lease';
import { lockUntilCommit } from '../db/lock';
import { VERSION } from '../config/version';
import { addLogProofs } from './add-log-proofs';
import { addReport } from './add-report';
import { createPackageFiles } from './files';
import { gather } from './gather';
import { manifestOf } from './manifest';
import { requirePackage } from './packages';
import { failureOf } from './failure-of';
import { readmeOf } from './readme';
import { addKeys } from './signed-with';
import { VERIFIER_PROGRAM, verifierHtml, verifierProgram } from '../config/verifier-html';

/** Makes what was asked for, once. What keeps it from being made stands in its row; it is tried again while that may help. */
export async function makePackage(
  ctx: Context,
  { packageId, actor }: { packageId: string; actor: Actor },
  signal: AbortSignal,
): Promise<void> {
  const table = 'packages';
  await attemptRequest(
    ctx,
    { table, id: packageId, signal },
    () => make(ctx, packageId, actor),
    async (error, attempts) => {
      const { isFinal, failure } = failureOf(error, attempts);
      await ctx.db.transaction().execute(async (tx) => {
        const { numUpdatedRows } = await waitingRequest({ db: tx }, table, packageId)
          .set({ state: isFinal ? 'failed' : 'waiting', failure, next_try_at: retryAt(ctx, attempts) })
          .executeTakeFirst();
        if (isFinal && numUpdatedRows > 0n)
          await audit.append(tx, actor, { action: 'package.fail', subjectId: packageId });
      });
      ctx.log.warn(
        { err: error, packageId },
        isFinal ? 'the evidence package cannot be made' : 'the evidence package is not made yet; it is tried again',
      );
    },
  );
}

async function make(ctx: Context, id: string, actor: Actor): Promise<void> {
  const { of, requested_by: requestedBy } = await requirePackage(ctx, id);
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
