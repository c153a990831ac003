// Sealtrail's own log of what is done in it. Spec: docs/activity.md.
import type { ChainFormat, CheckedRecord } from '../../chain/format';
import { duplicateKeys } from '../../json/duplicate-keys';
import { readTree } from '../../json/tree';
import { canonicalJson } from '../../statements/dsse';
import { normaliseInstant } from '../../time';
import { text } from '../fields';
import { duplicateKeyNote, reSerialised, tooDeep } from '../hash-member';
import { type JsonObject, isObject, readRecord } from '../read-line';
import { toEvent } from './to-event';

const encoder = new TextEncoder();
/** How a line ends as it is written; `hash` is what is cut out of it. */
const ENDING = /,"hash":"[0-9a-f]{64}"(,"prev":"[0-9a-f]{64}","seq":[1-9][0-9]*\})$/;

/**
 * A line is canonical JSON (RFC 8785) of `body`, `hash`, `prev` and `seq`. `hash` is SHA-256, lower-case hex, over the canonical JSON of the other three: the line
 * without it. `seq` counts from 1; `prev` is the hash of the line before, and 64 zeros in the first.
 */
export const activity: ChainFormat<'sealtrail-activity'> = {
  id: 'sealtrail-activity',
  label: 'Sealtrail activity',
  hashAlgorithm: 'sha256',
  genesis: '0'.repeat(64),
  firstSequence: 1,
  restarts: false,
  rotates: false,
  legacyPrefix: false,
  opening: '{"body":{"action":"',
  recognise,
  toEvent,
  check(bytes, hasher) {
    const read = readRecord(bytes);
    if ('kind' in read) return read;
    const { record, text: written, line } = read;
    const notes: CheckedRecord['notes'] = [...read.notes];
    const twice = duplicateKeyNote(duplicateKeys(written, record));
    if (twice) notes.push(twice);
    const hash = text(record.hash) || null;
    let computed = hash === null ? null : asWritten(line, written, (parts) => hasher.sha256(...parts));
    if (hash !== null && computed !== hash) {
      if (!readTree(written)) return tooDeep();
      const { hash: _, ...covered } = record;
      const anew = hasher.sha256(encoder.encode(canonicalJson(covered)));
      if (anew === hash) notes.push(reSerialised(written, canonicalJson(record), hash, computed));
      computed = anew === hash ? hash : (computed ?? anew);
    }
    const prev = typeof record.prev === 'string' ? record.prev : null;
    const sequence = Number.isSafeInteger(record.seq) ? Number(record.seq) : null;
    const recordedAt = isObject(record.body) ? normaliseInstant(record.body.time) : null;
    return { kind: 'record', hash, prev, sequence, computed, recordedAt, notes };
  },
};

/** The digest of the line without its hash; null when it does not end as it is written. */
function asWritten(line: Uint8Array, written: string, digest: (parts: Uint8Array[]) => string): string | null {
  const [ending, kept] = ENDING.exec(written) ?? [];
  if (ending === undefined || kept === undefined) return null;
  return digest([line.subarray(0, line.length - ending.length), encoder.encode(kept)]);
}

function recognise(record: JsonObject): number {
  const { body } = record;
  if (!isObject(body)) return 0;
  let score = 0;
  if (typeof body.action === 'string' && isObject(body.actor) && isObject(body.subject)) score += 0.6;
  if (typeof record.seq === 'number' && typeof record.prev === 'string') score += 0.4;
  return score;
}
