import { isObject } from '../../formats/read-line';
import { predicateOf } from '../predicates';
import type { BundleCheck } from '../verify-bundle';
import type { Opened } from './envelope';
import { readStatement } from './statement-of';

/** How far the clock of who signed or took the key out of use may be from that of who timed the signature. */
const SKEW_MS = 5 * 60_000;

/**
 * What speaks for a signature from before its key was taken out of use, in words: the earliest verified time, or for want of one what the
 * statement says of itself. @throws Error when that is more than five minutes later, or `validUntil` is no time.
 */
export function checkInUse(validUntil: string, { bundle }: Opened, times: BundleCheck['times']): string {
  const endMs = Date.parse(validUntil);
  if (Number.isNaN(endMs)) throw new Error(`when its key was taken out of use, ${validUntil}, is no time`);
  const isLater = (at: string) => Date.parse(at) > endMs + SKEW_MS;
  const [earliest] = times.map(({ at }) => at).toSorted((a, b) => Date.parse(a) - Date.parse(b));
  if (earliest !== undefined) {
    const words = `its key was taken out of use at ${validUntil}, and the earliest verified time of the signature is ${earliest}`;
    if (isLater(earliest)) throw new Error(words);
    return words;
  }
  const stated = madeAt(bundle);
  if (stated === null) return `its key was taken out of use at ${validUntil}, and nothing says when it signed this`;
  if (isLater(stated)) throw new Error(`its key was taken out of use at ${validUntil}, and the statement is of ${stated} by its own word`);
  return `its key was taken out of use at ${validUntil}, and the statement is of ${stated} by its own word: no verified time proves it`;
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
