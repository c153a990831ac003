import { recogniseRecord } from '../../core/formats';
import { isObject } from '../../core/formats/read-line';

/** Runtimes cut long lines at 4 KiB and more: a piece in the middle of one may be any text, a shorter line is none. */
const SHORTEST_PIECE_BYTES = 4_096;
/** Where one member ends and another begins, escaped or not: part of a record that was torn. */
const JSON_SEAM = /"\s*[:,]|[:,]\s*"|\\"/;

/**
 * Whether a line is no record of a guardrail at all, not even part of one: plain text, as a program prints beside its log, or whole JSON of
 * something else. What may be a record that was torn, altered or damaged is none of these, and neither is a blank line: it is evidence.
 */
export function isStrayLine(line: Buffer): boolean {
  if (line.length >= SHORTEST_PIECE_BYTES) return false;
  if (line[0] === 0x7b && line.includes('hash')) return false;
  const text = line.toString('utf8').trim();
  if (text === '' || text.includes('\uFFFD') || text.includes('\0')) return false;
  const whole = read(text);
  if (whole !== undefined) return !isObject(whole) || recogniseRecord(whole) === null;
  return !text.startsWith('{') && !text.endsWith('}') && !JSON_SEAM.test(text);
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // told by how it looks
  }
}
