import { isObject } from '../../formats/read-line';
import { type CheckResult, failed, passed } from '../../checks/check';
import { predicateOf } from '../predicates';
import type { BundleCheck } from '../verify-bundle';
import type { Opened } from './envelope';
import { readStatement } from './statement-of';

/** How far the clock of who signed or took the key out of use may be from that of who timed the signature. */
const SKEW_MS = 5 * 60_000;

/**
 * Whether what speaks for a signature speaks for one from before its key was retired: the earliest verified time, or for want of one
 * what the statement says of itself. It fails when that is more than five minutes later, or `validUntil` is no time.
 */
export function checkInUse(
  validUntil: string,
  { bundle }: Opened,
  { times, by }: { times: BundleCheck['times']; by: 'key' | 'certificate' },
): CheckResult {
  const endMs = Date.parse(validUntil);
  if (Number.isNaN(endMs)) return failed({ code: 'retirement-unreadable', validUntil });
  const [earliest] = times.map(({ at }) => at).toSorted((a, b) => Date.parse(a) - Date.parse(b));
  const at = earliest ?? madeAt(bundle);
  const signedAt = at === null ? null : { proven: earliest !== undefined, at };
  if (at !== null && Date.parse(at) > endMs + SKEW_MS) return failed({ code: 'key-retired', validUntil, signedAt });
  return passed({ code: 'signed-in-use', by, validUntil, signedAt });
}

/** Null when it does not say, or is no statement, which is told in a step of its own. */
function madeAt(bundle: Opened['bundle']): string | null {
  try {
    const { predicateType, predicate } = readStatement(bundle);
    const at = isObject(predicate) ? predicate[predicateOf(predicateType)?.madeAt ?? ''] : null;
    return typeof at === 'string' && !Number.isNaN(Date.parse(at)) ? at : null;
  } catch {
    return null;
  }
}
