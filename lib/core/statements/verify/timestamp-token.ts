import { ASN1Obj, RFC3161Timestamp } from '@sigstore/core';
import type { Opened } from './envelope';

/** The RFC 3161 responses a bundle carries. */
export function tokensIn({ bundle }: Opened): Buffer[] {
  return (bundle.verificationMaterial.timestampVerificationData?.rfc3161Timestamps ?? []).map(
    ({ signedTimestamp }) => signedTimestamp,
  );
}

/** @throws Error for what is no DER. */
export function readTimestamp(token: Buffer): RFC3161Timestamp {
  return new Timestamped(ASN1Obj.parseBuffer(Buffer.from(token)));
}

/** Reads fractions of any length: the library takes three digits or none, while DER has trailing zeros left out (X.690 section 11.7.3). */
class Timestamped extends RFC3161Timestamp {
  override get signingTime(): Date {
    const text = this.tstInfo.root.subs[4]?.value.toString('ascii') ?? '';
    const [, year, month, day, hour, minute, second, fraction = ''] =
      /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d+))?Z$/.exec(text) ?? [];
    const time = new Date(
      `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`,
    );
    if (Number.isNaN(time.getTime())) throw new Error(`its time, ${text || 'none'}, is no time`);
    return time;
  }
}
