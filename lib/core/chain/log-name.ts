import { sidecarNamed } from '../sidecars/kinds';
import { logsPossible } from './rotation';

const WRITTEN = /\.(?:jsonl|ndjson)$/i;
const BEHIND = /(\.(?:jsonl|ndjson))(?:\.[^.]+)*$/i;

/** Whether a file has the name of a log that is written to: `x.jsonl`, `x.ndjson`. */
export function isWrittenLogName(name: string): boolean {
  return WRITTEN.test(name) && sidecarNamed(name) === null;
}

/** Whether a file has the name of a log, written to or not any more: compressed, with more behind it, or as rotation names it. */
export function isLogName(name: string): boolean {
  return sidecarNamed(name) === null && (BEHIND.test(name) || logsPossible(name).some((log) => BEHIND.test(log)));
}

/** The name of a log without what stands behind it: `x.jsonl.1.gz` is of `x.jsonl`. */
export function writtenLogName(name: string): string {
  return name.replace(BEHIND, '$1');
}
