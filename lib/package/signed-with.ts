import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { listKeys } from '../attest/keys';
import { currentSigner } from '../attest/signers';
import { ownTrustedRoot } from '../attest/trust';
import type { AttestationDetail } from '../schemas/attestation-detail';
import { type PackageFiles, pathPart } from './files';

/** What a verifier of a bundle has to be given. */
export type SignedWith = { hasTrustedRoot: boolean; hasLogEntry: boolean; hasTimestamp: boolean } & (
  | { kind: 'key'; file: string; algorithm: string }
  | { kind: 'certificate'; subject: string; issuer: string }
);

export type Keys = {
  hasTrustedRoot: boolean;
  /** How the bundles of an attestation are signed. @throws AppError SIGNING_FAILED when one does not hold by who is on record as having signed it. */
  of(attestation: AttestationDetail): SignedWith;
  /** How the next one will be, as far as can be known before. */
  next(attestations: readonly AttestationDetail[]): SignedWith;
};

/** Puts in the public keys that ever signed here, with when each was taken out of use, and the trusted root. @throws AppError SIGNING_UNAVAILABLE, SIGNING_FAILED. */
export async function addKeys(ctx: Context, files: PackageFiles): Promise<Keys> {
  const [trustedRoot, signer] = await Promise.all([ownTrustedRoot(ctx), currentSigner(ctx)]);
  const keys = await listKeys(ctx);
  for (const { hint, publicKeyPem } of keys) await files.add(`keys/${keyFile(hint)}`, publicKeyPem);
  if (keys.length > 0)
    await files.add('keys/keys.json', `${JSON.stringify({ items: keys, nextCursor: null }, null, 2)}\n`);
  if (trustedRoot !== null) await files.add('keys/trusted_root.json', `${JSON.stringify(trustedRoot, null, 2)}\n`);
  const hasTrustedRoot = trustedRoot !== null;
  const byKey = (hint: string) => ({
    kind: 'key' as const,
    file: keyFile(hint),
    algorithm: keys.find((key) => key.hint === hint)?.algorithm ?? '',
  });
  const of = ({ id, bundles, keyHint, certificate, logEntries, times }: AttestationDetail): SignedWith => {
    const broken = bundles.find(({ holds, namesTooMuch }) => !holds && !namesTooMuch);
    if (broken)
      throw new AppError(
        'SIGNING_FAILED',
        `what is stored as ${broken.label} of the attestation does not hold: ${broken.detail}`,
        { attestationId: id, n: broken.n },
      );
    return {
      hasTrustedRoot,
      hasLogEntry: logEntries.length > 0,
      hasTimestamp: times.some(({ kind }) => kind === 'timestamp'),
      ...(keyHint === null
        ? { kind: 'certificate', subject: certificate?.subject ?? 'IDENTITY', issuer: certificate?.issuer ?? 'ISSUER' }
        : byKey(keyHint)),
    };
  };
  return {
    hasTrustedRoot,
    of,
    next(attestations) {
      const alike = attestations.find(({ keyHint }) => keyHint === signer.keyHint);
      if (alike) return of(alike);
      const { rekor, tsaUrl } = ctx.env.signing;
      const proofs = { hasTrustedRoot, hasLogEntry: rekor !== null, hasTimestamp: tsaUrl !== null };
      return signer.keyHint === null
        ? { ...proofs, kind: 'certificate', subject: 'IDENTITY', issuer: 'ISSUER' }
        : { ...proofs, ...byKey(signer.keyHint) };
    },
  };
}

/** `SHA256:…` as a file name. */
function keyFile(hint: string): string {
  return `${pathPart(hint.replaceAll('/', '-').replaceAll('+', '.'))}.pem`;
}
