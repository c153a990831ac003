import { VerificationError } from '@sigstore/verify';
import type { Trust } from '../verify-bundle';
import type { Opened } from './envelope';
import { type Material, type Stage, type Timestamp, type Told, messageOf, told } from './material';
import { readTimestamp, tokensIn } from './timestamp-token';

/** Each RFC 3161 timestamp over the signature, by an authority of the trusted root. No step when there is none and none is required. */
export function checkTimestamps(opened: Opened, material: Material, { require }: Trust, stage: Stage): { told: Told | null; verified: Timestamp[] } {
  const tokens = tokensIn(opened);
  const { entity } = opened;
  if (tokens.length === 0 && require.timestamps === 0) return { told: null, verified: [] };
  const verified: Timestamp[] = [];
  const result = told(() => {
    if (tokens.length < require.timestamps) throw new Error(`at least ${require.timestamps} required, the bundle carries ${tokens.length}`);
    if (!material && require.timestamps === 0) return `${tokens.length} present, not checked: no trusted root`;
    if (!material) throw new Error(`${tokens.length} present, not checked: no trusted root`);
    if (material instanceof Error) throw material;
    const all = tokens.map((token, index): Timestamp => {
      const nth = `timestamp ${index + 1} of ${tokens.length}`;
      const timestamp = attempt(nth, () => readTimestamp(token));
      const one: Timestamp = { $case: 'timestamp-authority', timestamp };
      try {
        stage(material, { ...entity, timestamps: [one] });
      } catch (error) {
        const why = error instanceof VerificationError ? `it is not over this signature, or by none of the ${material.timestampAuthorities.length} timestamp authorities of the trusted root` : messageOf(error);
        throw new Error(`${nth}: ${why}`, { cause: error });
      }
      return one;
    });
    stage(material, { ...entity, timestamps: all }, { timestamps: require.timestamps });
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
