import type { crypto } from '@sigstore/core';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { type SignedEntity, type Signer, type TrustMaterial, VerificationError, Verifier, toTrustMaterial } from '@sigstore/verify';
import type { StepId, Trust } from '../verify-bundle';
import type { Opened } from './envelope';
import { readTimestamp, tokensIn } from './timestamp-token';

export type Told = { ok: boolean; detail: string };
export type Timestamp = SignedEntity['timestamps'][number];
/** Null when no trusted root was given; an Error when it cannot be read. */
export type Material = TrustMaterial | Error | null;

export function told(run: () => string): Told {
  try {
    return { ok: true, detail: run() };
  } catch (error) {
    return { ok: false, detail: messageOf(error) };
  }
}

/** With the reason behind it, where the library keeps one. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof VerificationError && error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** What the trusted root vouches for; whatever a bundle calls its key, it is `key`. */
export function materialOf({ trustedRoot }: Trust, key: crypto.KeyObject): Material {
  if (trustedRoot === null || trustedRoot === undefined) return null;
  try {
    return toTrustMaterial(TrustedRoot.fromJSON(trustedRoot), () => ({ publicKey: key, validFor: () => true }));
  } catch (error) {
    return new Error(`the trusted root cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** One stage alone. @throws VerificationError and what parsers throw, but not for a signature that does not verify: that is a step of its own. */
export type Stage = (material: TrustMaterial, entity: SignedEntity, thresholds?: { logEntries?: number; timestamps?: number; scts?: number }) => Signer;

export const verifyStage: Stage = (material, entity, { logEntries = 0, timestamps = 0, scts = 0 } = {}) => {
  const signature = { ...entity.signature, verifySignature: () => true };
  return new Verifier(material, { ctlogThreshold: scts, tlogThreshold: logEntries, timestampThreshold: timestamps }).verify({ ...entity, signature });
};

/** Certificates must be in a certificate transparency log as soon as the trusted root names one. */
export function sctsAsked(material: TrustMaterial): number {
  return material.ctlogs.length > 0 ? 1 : 0;
}

/** The library's verdict on everything at once: who signed, or in which step it finds what; null when there is nothing to hold it against. */
export function verifyWhole(opened: Opened, material: Material, trust: Trust): { signer: Signer } | { step: StepId; detail: string } | null {
  if (!material || material instanceof Error) return null;
  const { entity, logEntries, certificate } = opened;
  try {
    const promised = logEntries.filter(({ inclusionPromise }) => inclusionPromise).map((tlogEntry): Timestamp => ({ $case: 'transparency-log', tlogEntry }));
    const timestamps = [...promised, ...tokensIn(opened).map((token): Timestamp => ({ $case: 'timestamp-authority', timestamp: readTimestamp(token) }))];
    const thresholds = { ctlogThreshold: certificate ? sctsAsked(material) : 0, tlogThreshold: trust.require.logEntries, timestampThreshold: Math.max(trust.require.timestamps, certificate ? 1 : 0) };
    return { signer: new Verifier(material, thresholds).verify({ ...entity, key: certificate ? { $case: 'certificate', certificate } : entity.key, tlogEntries: [...logEntries], timestamps }) };
  } catch (error) {
    const code = error instanceof VerificationError ? error.code : '';
    const step = code.startsWith('TLOG') ? 'log' : code.startsWith('CERTIFICATE') ? 'certificate' : code === 'SIGNATURE_ERROR' || code === 'PUBLIC_KEY_ERROR' ? 'signature' : 'timestamp';
    return { step, detail: messageOf(error) };
  }
}
