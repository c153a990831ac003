import 'server-only';
import type { Selectable } from 'kysely';
import { KEY_ONLY, type Trust, type TrustedKey } from '../core/statements/verify-bundle';
import type { AttestationsTable } from './attestation-tables';
import type { Db } from './database';

/** Who signed the bundles of an attestation, or the manifest of a package, as is on record. */
export const SIGNED_BY = ['key_hint', 'signed_by', 'signed_by_issuer'] as const;
export type SignedBy = Pick<Selectable<AttestationsTable>, (typeof SIGNED_BY)[number]>;

/** Every key that ever signed here, those out of use with when that was. */
export async function ownKeys(db: Db): Promise<TrustedKey[]> {
  const rows = await db
    .selectFrom('signing_keys')
    .select(['hint', 'public_key_pem', 'retired_at'])
    .orderBy('created_at')
    .execute();
  return rows.map((row) => ({
    hint: row.hint,
    publicKeyPem: row.public_key_pem,
    validUntil: row.retired_at?.toISOString() ?? null,
  }));
}

/** Trust in the one who signed it and in nobody else: that key, or a certificate for that identity under the root. Of what is not on record any will do. */
export function trustIn(
  { key_hint: hint, signed_by: subject, signed_by_issuer: issuer }: SignedBy,
  { keys, trustedRoot }: Pick<Trust, 'keys' | 'trustedRoot'>,
): Trust {
  const require = { logEntries: 0, timestamps: 0 };
  if (hint !== null)
    return { keys: keys.filter((key) => key.hint === hint), trustedRoot, identities: [KEY_ONLY], require };
  return { keys: [], trustedRoot, identities: [{ subject: subject ?? /.*/, issuer: issuer ?? /.*/ }], require };
}
