import type { crypto } from '@sigstore/core';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import {
  type SignedEntity,
  type Signer,
  type TrustMaterial,
  VerificationError,
  Verifier,
  toTrustMaterial,
} from '@sigstore/verify';
import type { Reason } from '../../checks/reasons';
import type { BundleStep, Trust } from '../verify-bundle';
import type { Opened } from './envelope';
import { readTimestamp, tokensIn } from './timestamp-token';

export type Timestamp = SignedEntity['timestamps'][number];
/** Null when no trusted root was given; why it cannot be read when that is so. */
export type Material = TrustMaterial | Extract<Reason, { code: 'trusted-root-unreadable' }> | null;

export function isUsable(material: NonNullable<Material>): material is TrustMaterial {
  return !('code' in material);
}

/** What the library or the platform says of why, with the reason behind it where the library keeps one, and the library's code. */
export function foreign(error: unknown): { error: string | null; said: string } {
  if (!(error instanceof Error)) return { error: null, said: String(error) };
  if (!(error instanceof VerificationError)) return { error: null, said: error.message };
  return {
    error: error.code,
    said: error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message,
  };
}

/** Why a step that asks the library failed. */
export function refused(error: unknown): Reason {
  return { code: error instanceof VerificationError ? 'library-refuses' : 'unreadable', ...foreign(error) };
}

/** What the trusted root vouches for; whatever a bundle calls its key, it is `key`. */
export function materialOf({ trustedRoot }: Trust, key: crypto.KeyObject): Material {
  if (trustedRoot === null || trustedRoot === undefined) return null;
  try {
    return toTrustMaterial(TrustedRoot.fromJSON(trustedRoot), () => ({ publicKey: key, validFor: () => true }));
  } catch (error) {
    return { code: 'trusted-root-unreadable', ...foreign(error) };
  }
}

/** One stage alone. @throws VerificationError and what parsers throw, but not for a signature that does not verify: that is a step of its own. */
export type Stage = (
  material: TrustMaterial,
  entity: SignedEntity,
  thresholds?: { logEntries?: number; timestamps?: number; scts?: number },
) => Signer;

export const verifyStage: Stage = (material, entity, { logEntries = 0, timestamps = 0, scts = 0 } = {}) => {
  const signature = { ...entity.signature, verifySignature: () => true };
  return new Verifier(material, {
    ctlogThreshold: scts,
    tlogThreshold: logEntries,
    timestampThreshold: timestamps,
  }).verify({ ...entity, signature });
};

/** Certificates must be in a certificate transparency log as soon as the trusted root names one. */
export function sctsRequired(material: TrustMaterial): number {
  return material.ctlogs.length > 0 ? 1 : 0;
}

/** The library's verdict on everything at once: who signed, or in which step it finds what; null when there is nothing to compare it with. */
export function verifyWhole(
  opened: Opened,
  material: Material,
  trust: Trust,
): { signer: Signer } | { step: BundleStep; reason: Reason } | null {
  if (!material || !isUsable(material)) return null;
  const { entity, logEntries, certificate } = opened;
  try {
    const promised = logEntries
      .filter(({ inclusionPromise }) => inclusionPromise)
      .map((tlogEntry): Timestamp => ({ $case: 'transparency-log', tlogEntry }));
    const timestamps = [
      ...promised,
      ...tokensIn(opened).map(
        (token): Timestamp => ({ $case: 'timestamp-authority', timestamp: readTimestamp(token) }),
      ),
    ];
    const thresholds = {
      ctlogThreshold: certificate ? sctsRequired(material) : 0,
      tlogThreshold: trust.require.logEntries,
      timestampThreshold: Math.max(trust.require.timestamps, certificate ? 1 : 0),
    };
    return {
      signer: new Verifier(material, thresholds).verify({
        ...entity,
        key: certificate ? { $case: 'certificate', certificate } : entity.key,
        tlogEntries: [...logEntries],
        timestamps,
      }),
    };
  } catch (error) {
    return { step: error instanceof VerificationError ? STEP_OF[error.code] : 'timestamp', reason: refused(error) };
  }
}

/** The step in which the library finds what: by its own codes. */
const STEP_OF: Record<VerificationError['code'], BundleStep> = {
  TLOG_ERROR: 'log',
  TLOG_INCLUSION_PROOF_ERROR: 'log',
  TLOG_INCLUSION_PROMISE_ERROR: 'log',
  TLOG_MISSING_INCLUSION_ERROR: 'log',
  TLOG_BODY_ERROR: 'log',
  CERTIFICATE_ERROR: 'certificate',
  SIGNATURE_ERROR: 'signature',
  PUBLIC_KEY_ERROR: 'signature',
  TIMESTAMP_ERROR: 'timestamp',
  NOT_IMPLEMENTED_ERROR: 'timestamp',
};
