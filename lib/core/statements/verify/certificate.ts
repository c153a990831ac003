import type { X509Certificate } from '@sigstore/core';
import { type CheckResult, failed, passed, runCheck, skipped } from '../../checks/check';
import { type BundleCheck, type Identity, KEY_ONLY, type Trust } from '../verify-bundle';
import type { Opened } from './envelope';
import { type Material, type Stage, type Timestamp, isUsable, refused, sctsRequired } from './material';

type Question = {
  opened: Opened;
  certificate: X509Certificate;
  material: Material;
  trust: Trust;
  times: readonly Timestamp[];
  stage: Stage;
};

/**
 * Whether a certificate authority of the trusted root issued it, valid at each proven time, with a signed certificate timestamp when the
 * root names a certificate transparency log, and to an identity we accept.
 */
export function checkCertificate({ opened, certificate, material, trust, times, stage }: Question): {
  result: CheckResult;
  signedBy: BundleCheck['signedBy'];
} {
  let signedBy: BundleCheck['signedBy'] = null;
  const result = runCheck(() => {
    if (!material) return skipped({ code: 'no-trusted-root', carried: null });
    if (!isUsable(material)) return failed(material);
    const validity = { notBefore: certificate.notBefore.toISOString(), notAfter: certificate.notAfter.toISOString() };
    if (times.length === 0) {
      const { tlogEntries, timestampVerificationData } = opened.bundle.verificationMaterial;
      const isCarried =
        tlogEntries.some(({ inclusionPromise }) => inclusionPromise) ||
        (timestampVerificationData?.rfc3161Timestamps.length ?? 0) > 0;
      return failed({ code: 'no-proven-time', ...validity, isCarried });
    }
    const scts = sctsRequired(material);
    const { identity } = stage(
      material,
      { ...opened.entity, key: { $case: 'certificate', certificate }, timestamps: [...times] },
      { timestamps: 1, scts },
    );
    const subject = identity?.subjectAlternativeName ?? '';
    const issuer = identity?.extensions?.issuer ?? '';
    const isAsked = trust.identities.length > 0;
    if (isAsked && !trust.identities.some((accepted) => matches(accepted, subject, issuer)))
      return failed({ code: 'identity-not-accepted', subject, issuer, accepted: trust.identities.map(textsOf) });
    signedBy = { kind: 'certificate', subject, issuer, ...validity };
    return passed({ code: 'certificate-verifies', subject, issuer, isAsked, ...validity, isLogged: scts > 0 });
  }, refused);
  return { result, signedBy };
}

/** Patterns as they are written; null where no certificate will do. */
function textsOf(accepted: Identity): { subject: string; issuer: string } | null {
  return accepted === KEY_ONLY ? null : { subject: String(accepted.subject), issuer: String(accepted.issuer) };
}

function matches({ subject, issuer }: Identity, foundSubject: string, foundIssuer: string): boolean {
  return fits(subject, foundSubject) && fits(issuer, foundIssuer);
}

/** A pattern must match all of it: one that is a part of a longer name is somebody else's. */
function fits(accepted: string | RegExp, found: string): boolean {
  if (typeof accepted === 'string') return accepted === found;
  return new RegExp(`^(?:${accepted.source})$`, accepted.flags.replace(/[gmy]/g, '')).test(found);
}
