// AgentFence audit events, schemas 1 to 5. Spec: github.com/dgenio/agentfence docs/audit-event-schema.md at 93d5b1e, internal/audit at 21427702, read for facts only.
import type { ChainFormat, CheckedRecord, Hasher } from '../../chain/format';
import { duplicateKeys } from '../../json/duplicate-keys';
import { readTree } from '../../json/tree';
import { normaliseInstant } from '../../time';
import { type GoEvent, goEventText, goSequence, goString, readGoEvent } from './event';
import { referenceAgentFence } from './reference';
import { text } from '../fields';
import { duplicateKeyNote, reSerialised, tooDeep, unknownKeyNote, withoutEnding } from '../hash-member';
import { type JsonObject, readRecord, unreadable } from '../read-line';
import { agentFenceCanonical, agentFenceFastpath } from './fastpath';
import { agentFenceOcsf } from './ocsf';
import { agentFenceSidecars } from './sidecars';
import { toEvent } from './to-event';

const SCHEMAS = ['1', '2', '3', '4', '5'];
const ENDING = /,"hash":"([0-9a-f]{64})"(?:,"signature":"[A-Za-z0-9+/=]*")?\}$/;
const encoder = new TextEncoder();

/**
 * `hash` is SHA-256, lower-case hex, over the event without `hash` and `signature`, as Go's encoding/json writes the struct; `prev_hash`
 * is covered, and left out of the first event. `seq` counts the events of one process and begins again with the next, on the same chain.
 * The signature is made over the hash; it is told from a false one only with the public key.
 */
export const agentfence: ChainFormat<'agentfence', 'agentfence-anchor'> = {
  id: 'agentfence',
  label: 'AgentFence',
  hashAlgorithm: 'sha256',
  genesis: '',
  firstSequence: null,
  restarts: false,
  rotates: true,
  rotatedMark: /^\d{8}T\d{6}(?:\.\d+)?Z$/,
  legacyPrefix: true,
  opening: '{"schema_version":',
  recognise,
  toEvent,
  ocsf: agentFenceOcsf,
  referenceVerifier: referenceAgentFence,
  sidecars: agentFenceSidecars,
  fastpath: { rule: agentFenceFastpath, canonical: agentFenceCanonical, numbered: false, secondaryHash: false },
  check(bytes, hasher) {
    const read = readRecord(bytes);
    if ('kind' in read) return read;
    const { record, text: written, line } = read;
    const tree = readTree(written);
    const event = tree && readGoEvent(tree);
    const asGo = event && 'values' in event ? event : null;
    const hash = (asGo ? goString(asGo, 'hash') : text(record.hash)) || null;
    const covered = hash !== null && ENDING.exec(written)?.[1] === hash ? withoutEnding(line, written, ENDING) : null;
    let computed = covered ? hasher.sha256(...covered) : null;
    if (!tree && computed !== hash) return tooDeep();
    if (event && 'refusal' in event && computed !== hash)
      return unreadable(
        'not-a-record',
        `The line is JSON but no AgentFence event: ${event.refusal.replace(/^json: /, '')}.`,
      );
    const notes: CheckedRecord['notes'] = [...read.notes];
    const twice = duplicateKeyNote(duplicateKeys(written, record));
    if (twice) notes.push(twice);
    const schema = asGo ? goString(asGo, 'schema_version') : text(record.schema_version);
    if (!SCHEMAS.includes(schema)) notes.push(unknownSchema(schema));
    else if (asGo && asGo.unknownKeys.length > 0) notes.push(unknownKeyNote(asGo.unknownKeys, 'AgentFence'));
    if (hash !== null && computed !== hash && asGo) {
      const anew = hashedAnew(asGo, hash, hasher);
      if (anew?.digest === hash)
        notes.push(reSerialised(written, anew.sealed, hash, computed, changedKeys(asGo, notes)));
      computed = anew?.digest === hash ? hash : (computed ?? anew?.digest ?? null);
    }
    const prev = asGo ? goString(asGo, 'prev_hash') : text(record.prev_hash);
    const sequence = asGo ? goSequence(asGo) : null;
    return {
      kind: 'record',
      hash,
      prev,
      sequence,
      computed,
      recordedAt: normaliseInstant(asGo ? goString(asGo, 'timestamp') : record.timestamp),
      notes,
    };
  },
};

const STYLES = [
  { shortEscapes: true, numbers: 'float64' },
  { shortEscapes: false, numbers: 'float64' },
  { shortEscapes: true, numbers: 'as-written' },
  { shortEscapes: false, numbers: 'as-written' },
] as const;

/** The first of the forms Go may have given the event whose digest is `hash`; else the form of a recent Go. */
function hashedAnew(event: GoEvent, hash: string, hasher: Hasher): { sealed: string; digest: string } | null {
  let first: { sealed: string; digest: string } | null = null;
  for (const style of STYLES) {
    const covered = goEventText(event, style, { sealed: false });
    if (covered === null) continue;
    const anew = {
      sealed: goEventText(event, style, { sealed: true }) ?? covered,
      digest: hasher.sha256(encoder.encode(covered)),
    };
    if (anew.digest === hash) return anew;
    first ??= anew;
  }
  return first;
}

/** What Go passes over, in words. */
function changedKeys(event: GoEvent, notes: CheckedRecord['notes']): string[] {
  return [
    ...(event.otherCase.length > 0 ? ['key case'] : []),
    ...(event.unknownKeys.length > 0 ? ['unknown key'] : []),
    ...(notes.some(({ code }) => code === 'duplicate-key') ? ['duplicate key'] : []),
  ];
}

function unknownSchema(found: string): CheckedRecord['notes'][number] {
  return {
    code: 'unknown-schema',
    expected: SCHEMAS.join(', '),
    found: found.slice(0, 80),
    message: `The event says it follows schema ${found === '' ? 'nothing' : found.slice(0, 80)}; versions 1 to 5 are known here. Its hash was checked by their rule.`,
  };
}

function recognise(record: JsonObject): number {
  let score = 0;
  if (typeof record.schema_version === 'string' && typeof record.seq === 'number') score += 0.5;
  if (typeof record.call_id === 'string' && typeof record.decision === 'string') score += 0.3;
  if (typeof record.hash === 'string') score += 0.1;
  if (typeof record.session_id === 'string' && typeof record.timestamp === 'string') score += 0.1;
  return score;
}
