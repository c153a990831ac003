import { RECOGNITION_LINES } from './limits';
import { endOfLine, withoutLineEnd } from './newline';

/** The first lines of a log's first bytes that are not empty, each without its end; the last one only when it is complete or the log ends there. */
export function firstLines(head: Uint8Array, complete: boolean): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let at = 0; at < head.length && lines.length < RECOGNITION_LINES; ) {
    const end = endOfLine(head, at);
    if (end === 0 && !complete) break;
    const line = withoutLineEnd(head.subarray(at, end === 0 ? head.length : end));
    if (line.length > 0) lines.push(line);
    at = end === 0 ? head.length : end;
  }
  return lines;
}
