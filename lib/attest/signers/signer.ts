import type { Bundle } from '@sigstore/bundle';

/** Signs in-toto statements. Adding one is one file here and its line in `index.ts`. */
export interface StatementSigner {
  /** As shown to people: `local key`, … */
  readonly name: string;
  /** DSSE keyid and bundle hint, see `keyFingerprint`; null when each bundle brings its own certificate. */
  readonly keyHint: string | null;
  readonly algorithm: string;
  /** Null where `keyHint` is. */
  readonly publicKeyPem: string | null;
  /**
   * The bundle has been verified against the trust that is configured and carries what `SEALTRAIL_REQUIRE` asks for.
   * @throws AppError SIGNING_UNAVAILABLE when a service does not answer: try again later; SIGNING_FAILED when it refuses, or what it
   * answers does not hold.
   */
  sign(payload: Buffer): Promise<Bundle>;
}
