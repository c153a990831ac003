import { VerificationError } from '@sigstore/verify';
import { type CheckResult, Refusal, failed, passed, runCheck, skipped } from '../../checks/check';
import type { Trust } from '../verify-bundle';
import type { Opened } from './envelope';
import { type Material, type Stage, type Timestamp, foreign, isUsable, refused } from './material';
import { readTimestamp, tokensIn } from './timestamp-token';

/** Each RFC 3161 timestamp over the signature, by an authority of the trusted root. No step when there is none and none is required. */
export function checkTimestamps(
  opened: Opened,
  material: Material,
  { require }: Trust,
  stage: Stage,
): { result: CheckResult | null; verified: Timestamp[] } {
  const tokens = tokensIn(opened);
  const { entity } = opened;
  if (tokens.length === 0 && require.timestamps === 0) return { result: null, verified: [] };
  const verified: Timestamp[] = [];
  const result = runCheck(() => {
    const carried = tokens.length;
    if (carried < require.timestamps) return failed({ code: 'too-few', required: require.timestamps, carried });
    if (!material)
      return skipped(
        require.timestamps === 0 ? { code: 'not-required', carried } : { code: 'no-trusted-root', carried },
      );
    if (!isUsable(material)) return failed(material);
    const all = tokens.map((token, index): Timestamp => {
      const nth = { n: index + 1, of: carried };
      const one = attempt(
        () => ({ $case: 'timestamp-authority' as const, timestamp: readTimestamp(token) }),
        (error) => ({ code: 'timestamp-unreadable', ...nth, ...foreign(error) }),
      );
      attempt(
        () => stage(material, { ...entity, timestamps: [one] }),
        (error) =>
          error instanceof VerificationError
            ? { code: 'timestamp-not-over-it', ...nth, authorities: material.timestampAuthorities.length }
            : { code: 'timestamp-refused', ...nth, ...foreign(error) },
      );
      return one;
    });
    stage(material, { ...entity, timestamps: all }, { timestamps: require.timestamps });
    verified.push(...all);
    const at = verified.flatMap((one) =>
      one.$case === 'timestamp-authority' ? [one.timestamp.signingTime.toISOString()] : [],
    );
    return passed({ code: 'timestamps-verify', at, required: require.timestamps });
  }, refused);
  return { result, verified };
}

function attempt<T>(run: () => T, reason: (error: unknown) => Refusal['reason']): T {
  try {
    return run();
  } catch (error) {
    throw new Refusal(reason(error), { cause: error });
  }
}
