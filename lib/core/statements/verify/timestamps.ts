import { ASN1Obj, RFC3161Timestamp } from '@sigstore/core';
import { VerificationError } from '@sigstore/verify';
import type { Trust } from '../verify-bundle';
import type { Opened } from './envelope';
import { type Material, type Timestamp, type Told, messageOf, told, verifyStage } from './material';

/** Each RFC 3161 timestamp over the signature, by an authority of the trusted root. No step when there is none and none is required. */
export function checkTimestamps({ bundle, entity }: Opened, material: Material, { require }: Trust): { told: Told | null; verified: Timestamp[] } {
  const tokens = bundle.verificationMaterial.timestampVerificationData?.rfc3161Timestamps ?? [];
  if (tokens.length === 0 && require.timestamps === 0) return { told: null, verified: [] };
  const verified: Timestamp[] = [];
  const result = told(() => {
    if (tokens.length < require.timestamps) throw new Error(`at least ${require.timestamps} required, the bundle carries ${tokens.length}`);
    if (!material && require.timestamps === 0) return `${tokens.length} present, not checked: no trusted root`;
    if (!material) throw new Error(`${tokens.length} present, not checked: no trusted root`);
    if (material instanceof Error) throw material;
    const all = tokens.map(({ signedTimestamp }, index): Timestamp => {
      const nth = `timestamp ${index + 1} of ${tokens.length}`;
      const timestamp = attempt(nth, () => new Timestamped(ASN1Obj.parseBuffer(Buffer.from(signedTimestamp))));
      const one: Timestamp = { $case: 'timestamp-authority', timestamp };
      try {
        verifyStage(material, { ...entity, timestamps: [one] });
      } catch (error) {
        const why = error instanceof VerificationError ? `it is not over this signature, or by none of the ${material.timestampAuthorities.length} timestamp authorities of the trusted root` : messageOf(error);
        throw new Error(`${nth}: ${why}`, { cause: error });
      }
      return one;
    });
    verifyStage(material, { ...entity, timestamps: all }, { timestamps: require.timestamps });
    verified.push(...all);
    const at = verified.flatMap((one) => (one.$case === 'timestamp-authority' ? [one.timestamp.signingTime.toISOString()] : []));
    return `${all.length} over this signature, by an authority of the trusted root: ${at.join(', ')}${require.timestamps > 0 ? `; at least ${require.timestamps} required` : ''}`;
  });
  return { told: result, verified };
}

function attempt<T>(nth: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new Error(`${nth} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** Reads fractions of any length: the library takes three digits or none, while DER has trailing zeros left out (X.690 section 11.7.3). */
class Timestamped extends RFC3161Timestamp {
  override get signingTime(): Date {
    const text = this.tstInfo.root.subs[4]?.value.toString('ascii') ?? '';
    const [, year, month, day, hour, minute, second, fraction = ''] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d+))?Z$/.exec(text) ?? [];
    const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`);
    if (Number.isNaN(time.getTime())) throw new Error(`its time, ${text || 'none'}, is no time`);
    return time;
  }
}
