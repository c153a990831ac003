import type { Bundle } from '@sigstore/bundle';

/** Signs in-toto statements. Adding one is one file here and its line in `index.ts`. */
export interface StatementSigner {
  /** As shown to people: `local key`, … */
  readonly name: string;
  /** DSSE keyid and bundle hint, see `keyFingerprint`. */
  readonly keyHint: string;
  readonly algorithm: string;
  readonly publicKeyPem: string;
  /** @throws AppError SIGNING_FAILED. */
  sign(payload: Buffer): Promise<Bundle>;
}

export const STATEMENT_MEDIA_TYPE = 'application/vnd.in-toto+json';
