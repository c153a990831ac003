// vouch audit log. Spec: github.com/vouchdev/vouch src/vouch/audit.py at f12cf4cd (MIT).
import type { ChainFormat, CheckedRecord } from '../../chain/format';
import { duplicateKeys } from '../../json/duplicate-keys';
import { memberSpans, withoutMember } from '../../json/member-spans';
import { pythonText } from '../../json/python-text';
import { readTree } from '../../json/tree';
import { normaliseInstant } from '../../time';
import { text } from '../fields';
import { duplicateKeyNote, reSerialised, tooDeep } from '../hash-member';
import { type JsonObject, readRecord } from '../read-line';
import { referenceVouch } from './reference';
import { vouchCanonical, vouchFastpath } from './fastpath';
import { vouchOcsf } from './ocsf';
import { toEvent } from './to-event';

const encoder = new TextEncoder();

/**
 * `hash` is SHA-256, lower-case hex, over the predecessor's hash as 64 ASCII characters followed by the record without `hash` as
 * Python's `json.dumps` writes it with sorted keys; `prev_hash` is covered again inside. Every key a record has is covered.
 */
export const vouch: ChainFormat<'vouch'> = {
  id: 'vouch',
  label: 'vouch',
  hashAlgorithm: 'sha256',
  genesis: '0'.repeat(64),
  firstSequence: null,
  restarts: false,
  rotates: false,
  legacyPrefix: true,
  opening: '{"actor":',
  recognise,
  toEvent,
  ocsf: vouchOcsf,
  referenceVerifier: referenceVouch,
  fastpath: { rule: vouchFastpath, canonical: vouchCanonical, numbered: false, secondaryHash: false },
  check(bytes, hasher) {
    const read = readRecord(bytes, 'python');
    if ('kind' in read) return read;
    const { record, text: written } = read;
    const notes: CheckedRecord['notes'] = [...read.notes];
    const twice = duplicateKeyNote(duplicateKeys(written, record));
    if (twice) notes.push(twice);
    const recordedAt = normaliseInstant(record.created_at);
    // Its own verifier takes a record that lacks either for one from before the chain.
    const hash = typeof record.prev_hash === 'string' ? text(record.hash) || null : null;
    const prev = typeof record.prev_hash === 'string' ? record.prev_hash : null;
    if (hash === null || prev === null)
      return { kind: 'record', hash: null, prev, sequence: null, computed: null, recordedAt, notes };
    const digest = (covered: string) => hasher.sha256(encoder.encode(prev + covered));
    const spans = memberSpans(written);
    const own = spans.findLastIndex(({ key }) => key === 'hash');
    // What is cut out is not covered, so it must be to the letter what the writer put there.
    const isWriters = written.startsWith(`"hash":"${hash}","`, spans[own]?.from);
    const asWritten = isWriters ? digest(withoutMember(written, spans, own)) : null;
    if (asWritten === hash) return { kind: 'record', hash, prev, sequence: null, computed: hash, recordedAt, notes };
    const tree = readTree(written);
    if (!tree) return tooDeep();
    const anew = digest(pythonText(tree, 'hash'));
    if (anew === hash)
      notes.push(reSerialised(written, pythonText(tree), hash, asWritten, twice ? ['duplicate key'] : []));
    const computed = anew === hash ? hash : (asWritten ?? anew);
    return { kind: 'record', hash, prev, sequence: null, computed, recordedAt, notes };
  },
};

function recognise(record: JsonObject): number {
  let score = 0;
  if (typeof record.actor === 'string' && typeof record.event === 'string') score += 0.4;
  if (typeof record.created_at === 'string' && Array.isArray(record.object_ids)) score += 0.3;
  if (typeof record.dry_run === 'boolean' && typeof record.reversible === 'boolean') score += 0.2;
  if (typeof record.prev_hash === 'string' && typeof record.hash === 'string') score += 0.1;
  return score;
}
