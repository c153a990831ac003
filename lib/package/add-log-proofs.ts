import 'server-only';
import type { Context } from '../context';
import { bundleFileName } from '../attest/attestations';
import { verifierKey } from '../attest/log/identity';
import { logProof } from '../attest/log/log-proof';
import { publishedCheckpoint } from '../attest/log/serve';
import { parseCheckpoint } from '../core/merkle/checkpoint';
import type { AttestationDetail } from '../schemas/attestation-detail';
import type { PackageFiles } from './files';

/** Puts in what shows that the bundles are in the transparency log, as far as it is published; its origin, or null when nothing is. */
export async function addLogProofs(
  ctx: Context,
  attestations: readonly AttestationDetail[],
  files: PackageFiles,
): Promise<string | null> {
  const [checkpoint, key] = await Promise.all([publishedCheckpoint(ctx), verifierKey(ctx)]);
  if (!checkpoint || !key) return null;
  await files.add('log/checkpoint', checkpoint.note);
  await files.add('keys/log.vkey', `${key}\n`);
  for (const attestation of attestations) {
    for (const { n, predicateType, sha256 } of attestation.bundles) {
      const found = await logProof(ctx, { attestationId: attestation.id, bundleSha256: sha256 });
      if (!found) continue;
      const name = bundleFileName(attestation, { n, predicate_type: predicateType }).replace(/\.sigstore\.json$/, '');
      await files.add(`log/${name}.entry.json`, found.entry);
      await files.add(`log/${name}.tlog-proof`, found.proof);
    }
  }
  return parseCheckpoint(checkpoint.note).origin;
}
