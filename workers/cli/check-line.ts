import { type Check, checkWords, isMet } from '@/lib/core/checks/check';
import { visible } from './output';

/** `ok`, `FAIL`, or `--` for what was not checked and takes nothing away. */
export function markOf(check: Check): string {
  return check.status === 'passed' ? 'ok' : isMet(check) ? '--' : 'FAIL';
}

/** A step with what was compared, as a line under what was checked. */
export function checkLine(check: Check): string {
  return `  ${markOf(check).padEnd(4)}  ${visible(checkWords(check))}`;
}
