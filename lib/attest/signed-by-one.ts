import 'server-only';
import { type Bundle, bundleToJSON } from '@sigstore/bundle';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { verifyBundle } from '../core/statements/verify-bundle';
import type { SignedBy } from '../db/signed-by';
import { trustSourceOf } from './signers';
import type { StatementSigner } from './signers/signer';

/**
 * Who signed all of these just now, as verification finds it, for the record.
 * @throws AppError SIGNING_UNAVAILABLE when the identity changed between two, SIGNING_FAILED.
 */
export async function signedByOne(
  ctx: Context,
  { keyHint, publicKeyPem }: StatementSigner,
  bundles: readonly Bundle[],
): Promise<SignedBy> {
  const keys = keyHint !== null && publicKeyPem !== null ? [{ hint: keyHint, publicKeyPem }] : [];
  const trust = {
    keys,
    trustedRoot: await trustSourceOf(ctx).trustedRoot(),
    identities: [],
    require: { logEntries: 0, timestamps: 0 },
  };
  const signers = bundles.map((bundle) => verifyBundle(bundleToJSON(bundle), { trust }).signedBy);
  const [first] = signers;
  if (!first || signers.includes(null))
    throw new AppError('SIGNING_FAILED', 'it is not signed by a trusted key or certificate');
  if (
    new Set(signers.map((one) => (one?.kind === 'certificate' ? `${one.subject}\n${one.issuer}` : one?.hint))).size > 1
  )
    throw new AppError(
      'SIGNING_UNAVAILABLE',
      'the identity changed while it was signed; the next attempt signs all of it with the new one',
    );
  return first.kind === 'key'
    ? { key_hint: first.hint, signed_by: null, signed_by_issuer: null }
    : { key_hint: null, signed_by: first.subject, signed_by_issuer: first.issuer };
}
