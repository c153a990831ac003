import { createLineSplitter } from '../core/chain/lines';

/** Lines a format is recognised by. */
const SAMPLE_LINES = 64;

/** The first lines of a log's first bytes that are not empty; the last one only when it is complete or the log ends there. */
export function firstLines(head: Uint8Array, complete: boolean): Uint8Array[] {
  const lines: Uint8Array[] = [];
  const splitter = createLineSplitter(({ bytes }) => {
    if (bytes.length > 0 && lines.length < SAMPLE_LINES) lines.push(bytes.slice());
  });
  splitter.push(head);
  if (complete) splitter.end();
  return lines;
}
