// A log of nobody's, as small as a format can be: no fast path, no verifier of its own, no sidecars.
import type { ChainFormat, CheckedRecord } from '../../core/chain/format';
import { text } from '../../core/formats/fields';
import { duplicateKeyNote, withoutTrailingHash } from '../../core/formats/hash-member';
import { type JsonObject, readRecord } from '../../core/formats/read-line';
import { duplicateKeys } from '../../core/json/duplicate-keys';
import { normaliseInstant } from '../../core/time';
import { toEvent } from './to-event';

/** `hash` is SHA-256, lower-case hex, over the bytes of the record without it; it stands last. `n` counts from 1. */
export const sixth: ChainFormat<'sixth'> = {
  id: 'sixth',
  label: 'Sixth',
  hashAlgorithm: 'sha256',
  genesis: 'none',
  firstSequence: 1,
  restarts: false,
  rotates: false,
  legacyPrefix: false,
  opening: '{"n":',
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
    const covered = hash === null ? null : withoutTrailingHash(line, written, 'hash', hash);
    const sequence = Number.isSafeInteger(record.n) ? Number(record.n) : null;
    const prev = typeof record.prev === 'string' ? record.prev : null;
    return {
      kind: 'record',
      hash,
      prev,
      sequence,
      computed: covered ? hasher.sha256(...covered) : null,
      recordedAt: normaliseInstant(record.at),
      notes,
    };
  },
};

function recognise(record: JsonObject): number {
  return typeof record.n === 'number' && typeof record.who === 'string' && typeof record.did === 'string' ? 0.8 : 0;
}
