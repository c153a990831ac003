import type { AttestationPolicy, RequestCause } from '../../schemas/attestation-requests';

export type Standing = {
  isSealed: boolean;
  /** Records of closed segments under no attestation. */
  uncoveredRecords: number;
  /** When the first of them was received; null when there is none. */
  oldestUncoveredAt: Date | null;
  /** The chain changed since it was attested, be it only in what is known of it. */
  isChanged: boolean;
};

/** Why a chain is to be attested now; null when it is not. */
export function causeToAttest(
  policy: AttestationPolicy,
  { isSealed, uncoveredRecords, oldestUncoveredAt, isChanged }: Standing,
  now: Date,
): RequestCause | null {
  if (isSealed && policy.onSeal && isChanged) return 'seal';
  if (policy.onClose && isChanged) return 'close';
  if (policy.everyRecords !== null && uncoveredRecords >= policy.everyRecords) return 'records';
  if (
    policy.everyMinutes !== null &&
    oldestUncoveredAt &&
    now.getTime() - oldestUncoveredAt.getTime() >= policy.everyMinutes * 60_000
  )
    return 'minutes';
  return null;
}
