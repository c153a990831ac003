// nono audit session log, scheme "alpha". Spec: github.com/nolabs-ai/nono crates/nono/src/audit.rs at aa75c2f3 (Apache-2.0).
import type { ChainFormat, CheckedRecord, Hasher } from '../../chain/format';
import { changesBetween } from '../../json/changes';
import { duplicateKeys } from '../../json/duplicate-keys';
import { memberSpans } from '../../json/member-spans';
import { readTree } from '../../json/tree';
import { duplicateKeyNote, unknownKeyNote, wroteAnewNote } from '../hash-member';
import { chainDigest, leafDigest } from './digests';
import { MAX_EVENT_DEPTH, nonoEventText } from './event';
import { nonoRecordedAt, nonoToEvent } from './to-event';
import { referenceNono } from './reference';
import { type JsonObject, isObject, readRecord } from '../read-line';
import { nonoFastpath } from './fastpath';
import { nonoOcsf } from './ocsf';
import { nonoStatement } from './statement';
import { type NonoSidecarKind, nonoSidecars } from './sidecars';

const KEYS = ['sequence', 'prev_chain', 'leaf_hash', 'chain_hash', 'event_json', 'event'];
const HEX = /^[0-9a-fA-F]{64}$/;
const encoder = new TextEncoder();

/**
 * `leaf_hash` is SHA-256 over the event's canonical text, which stands in `event_json` and again, parsed, in `event`; `chain_hash` is
 * SHA-256 over the predecessor's and the leaf, as raw bytes. The first record's `prev_chain` is null. `sequence` is not covered.
 */
export const nono: ChainFormat<'nono', NonoSidecarKind> = {
  id: 'nono',
  label: 'nono',
  hashAlgorithm: 'sha256',
  genesis: 'null',
  firstSequence: 0,
  restarts: false,
  rotates: false,
  legacyPrefix: false,
  opening: '{"sequence":',
  recognise,
  toEvent: nonoToEvent,
  ocsf: nonoOcsf,
  referenceVerifier: (hasher) => referenceNono(hasher),
  logName: 'audit-events.ndjson',
  sidecars: nonoSidecars,
  statementOf: nonoStatement,
  fastpath: { rule: nonoFastpath, numbered: true, secondaryHash: true },
  check(bytes, hasher) {
    const read = readRecord(bytes);
    if ('kind' in read) return read;
    const { record, text: written } = read;
    const notes: CheckedRecord['notes'] = [...read.notes];
    const repeated = duplicateKeys(written, record);
    const twice = duplicateKeyNote(repeated);
    if (twice) notes.push(twice);
    const unknown = Object.keys(record).filter((key) => !KEYS.includes(key));
    if (unknown.length > 0) notes.push(unknownKeyNote(unknown, 'nono'));

    const claimed = typeof record.chain_hash === 'string' && HEX.test(record.chain_hash) ? record.chain_hash : null;
    const hash = claimed?.toLowerCase() ?? null;
    const named = record.prev_chain ?? null;
    const prev = typeof named === 'string' ? named.toLowerCase() : named === null ? nono.genesis : null;
    const sequence = Number.isSafeInteger(record.sequence) ? Number(record.sequence) : null;
    const common = { kind: 'record', hash, prev, sequence, recordedAt: nonoRecordedAt(record.event), notes } as const;
    const span = memberSpans(written).findLast(({ key }) => key === 'event');
    const shown = span ? written.slice(span.valueFrom, span.to) : null;
    const hashed = typeof record.event_json === 'string' ? record.event_json : shown;
    if (hash === null || hashed === null || (named !== null && typeof named !== 'string'))
      return { ...common, computed: null };

    const leaf = leafDigest(hasher, encoder.encode(hashed));
    const computed = chainDigest(hasher, named, leaf);
    const anew = shown === hashed ? hashed : shownAnew(shown);
    if (computed !== hash && record.event_json === undefined && anew !== null)
      return ofOldRow(common, anew, hasher, named, written);
    const mismatch = computed === hash ? mismatchOf(record, { leaf, shown: anew, hashed }, hasher) : null;
    if (record.event_json === undefined || record.event_json === null) notes.push(NO_EVENT_JSON);
    const writers = `{"sequence":${String(record.sequence)},"prev_chain":${named === null ? 'null' : `"${prev}"`},"leaf_hash":"${leaf}","chain_hash":"${hash}","event_json":${JSON.stringify(hashed)},"event":${hashed}}`;
    if (computed === hash && !mismatch && written !== writers) {
      const changes = changesBetween(written, writers);
      if (claimed !== hash || record.leaf_hash !== leaf || (named !== null && named !== prev))
        changes.push('upper case of hashes');
      if (changes.length === 0 && shown !== hashed) changes.push('keys of the event');
      if (changes.length > 0 || notes.length === 0) notes.push(wroteAnewNote(changes, hash, null));
    }
    return { ...common, computed, ...(mismatch && { mismatch }) };
  },
};

const NO_EVENT_JSON: CheckedRecord['notes'][number] = {
  code: 'no-event-json',
  expected: 'event_json',
  found: null,
  message:
    'The record has no event_json, as those written before the scheme "alpha"; the event itself was hashed in its place, and nono refuses such a log once its session file vouches for it.',
};

/** A record without `event_json` whose event another tool re-serialised. */
function ofOldRow(
  common: Omit<CheckedRecord, 'computed'>,
  anew: string,
  hasher: Hasher,
  named: string | null,
  written: string,
): CheckedRecord {
  const computed = chainDigest(hasher, named, leafDigest(hasher, encoder.encode(anew)));
  const holds = computed === common.hash;
  const notes = holds
    ? [NO_EVENT_JSON, wroteAnewNote(changesBetween(written, anew), common.hash, null)]
    : [NO_EVENT_JSON];
  return { ...common, computed, notes: [...common.notes, ...notes] };
}

/** The event as nono writes it; null when it is none nono reads. */
function shownAnew(shown: string | null): string | null {
  const tree = shown === null ? null : readTree(shown, MAX_EVENT_DEPTH);
  return tree && nonoEventText(tree);
}

/** The chain holds; whether what stands beside what it covers fits it too. */
function mismatchOf(
  record: JsonObject,
  { leaf, shown, hashed }: { leaf: string; shown: string | null; hashed: string },
  hasher: Hasher,
): CheckedRecord['mismatch'] | null {
  if (shown !== hashed) {
    const found = shown === null ? null : leafDigest(hasher, encoder.encode(shown));
    return {
      expected: leaf,
      found,
      message:
        'The event shown is not the one that was hashed: `event` was changed after it was written, `event_json` was not.',
    };
  }
  const stored = typeof record.leaf_hash === 'string' ? record.leaf_hash : null;
  if (stored?.toLowerCase() === leaf) return null;
  return {
    expected: stored,
    found: leaf,
    message:
      'The hash stored for the event is not its hash, while the hash of the chain is right: `leaf_hash` was changed after it was written.',
  };
}

function recognise(record: JsonObject): number {
  let score = 0;
  if (typeof record.chain_hash === 'string' && typeof record.leaf_hash === 'string') score += 0.5;
  if (typeof record.sequence === 'number' && 'prev_chain' in record) score += 0.3;
  if (isObject(record.event) && typeof record.event.type === 'string') score += 0.2;
  return score;
}
