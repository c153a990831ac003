import type { ColumnType, Generated } from 'kysely';
import type { StoredVerdict } from '../core/chain/verdict';
import type { PackageEntry, PackageOf, PackageState } from '../schemas/packages';

/** Evidence packages: what each is of, and once made, its files by digest. The ZIP is made of them whenever it is asked for. */
export type PackagesTable = {
  id: Generated<string>;
  of: ColumnType<PackageOf, string, string>;
  state: Generated<PackageState>;
  attempts: Generated<number>;
  next_try_at: Date;
  failure: string | null;
  requested_by: string;
  /** Tells callers of one name apart; null where that was not kept. */
  requested_by_id: string | null;
  requested_at: Date;
  made_at: Date | null;
  /** In the order of the ZIP. */
  entries: ColumnType<PackageEntry[], string | undefined, string>;
  manifest_digest: string | null;
  /** Who signed the manifest, as of an attestation; all null where it was not taken down. */
  key_hint: string | null;
  signed_by: string | null;
  signed_by_issuer: string | null;
  verdict: StoredVerdict | null;
  chains: ColumnType<string[], string | undefined, string>;
};
