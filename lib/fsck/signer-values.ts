import type { BundleCheck } from '../core/statements/verify-bundle';
import type { SignedBy } from '../db/signed-by';
import type { Values } from './compare';

/** What is to be on record of who signed a bundle. Of those made before issuers were taken down, none is. */
export function signerValues(row: SignedBy, signedBy: BundleCheck['signedBy']): Values {
  if (signedBy?.kind !== 'certificate') return { key_hint: signedBy?.hint, signed_by: null, signed_by_issuer: null };
  const { subject, issuer } = signedBy;
  return { key_hint: null, signed_by: subject, ...(row.signed_by_issuer !== null && { signed_by_issuer: issuer }) };
}
