import type { X509Certificate } from '@sigstore/core';
import { type BundleCheck, type Identity, NOBODY, type Trust } from '../verify-bundle';
import type { Opened } from './envelope';
import { type Material, type Stage, type Timestamp, type Told, sctsAsked, told } from './material';

type Question = { opened: Opened; certificate: X509Certificate; material: Material; trust: Trust; times: readonly Timestamp[]; stage: Stage };

/**
 * Whether a certificate authority of the trusted root issued it, valid at each proven time, with a signed certificate timestamp when the
 * root names a certificate transparency log, and to an identity we accept.
 */
export function checkCertificate({ opened, certificate, material, trust, times, stage }: Question): { told: Told; signedBy: BundleCheck['signedBy'] } {
  let signedBy: BundleCheck['signedBy'] = null;
  const result = told(() => {
    if (!material) throw new Error('not checked: no trusted root');
    if (material instanceof Error) throw material;
    const validity = { notBefore: certificate.notBefore.toISOString(), notAfter: certificate.notAfter.toISOString() };
    if (times.length === 0) {
      const { tlogEntries, timestampVerificationData } = opened.bundle.verificationMaterial;
      const carried = tlogEntries.some(({ inclusionPromise }) => inclusionPromise) || (timestampVerificationData?.rfc3161Timestamps.length ?? 0) > 0;
      throw new Error(`it is valid from ${validity.notBefore} to ${validity.notAfter}, and no verified timestamp or log entry proves that it signed then${carried ? ': what the bundle carries of that does not hold' : ''}`);
    }
    const scts = sctsAsked(material);
    const { identity } = stage(material, { ...opened.entity, key: { $case: 'certificate', certificate }, timestamps: [...times] }, { timestamps: 1, scts });
    const subject = identity?.subjectAlternativeName ?? '';
    const issuer = identity?.extensions?.issuer ?? '';
    const who = `${subject || 'nobody'}, vouched for by ${issuer || 'nobody'}`;
    if (trust.identities.length > 0 && !trust.identities.some((accepted) => matches(accepted, subject, issuer))) {
      throw new Error(`it is issued to ${who}; accepted is ${trust.identities.map(wordsOf).join('; or ')}`);
    }
    signedBy = { kind: 'certificate', subject, issuer, ...validity };
    const accepted = trust.identities.length > 0 ? 'as asked for' : 'any identity is accepted, as none was asked for';
    const logged = scts > 0 ? 'its entry in a certificate transparency log is signed' : 'the trusted root names no certificate transparency log';
    return `issued to ${who} (${accepted}); valid from ${validity.notBefore} to ${validity.notAfter}, as are those it chains to, at each proven time; ${logged}`;
  });
  return { told: result, signedBy };
}

function wordsOf(accepted: Identity): string {
  return accepted === NOBODY ? 'no certificate, only a key' : `${String(accepted.subject)}, vouched for by ${String(accepted.issuer)}`;
}

function matches({ subject, issuer }: Identity, foundSubject: string, foundIssuer: string): boolean {
  return fits(subject, foundSubject) && fits(issuer, foundIssuer);
}

/** A pattern must match all of it: one that is a part of a longer name is somebody else's. */
function fits(accepted: string | RegExp, found: string): boolean {
  if (typeof accepted === 'string') return accepted === found;
  return new RegExp(`^(?:${accepted.source})$`, accepted.flags.replace(/[gmy]/g, '')).test(found);
}
