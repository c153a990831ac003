// Occasio pipeline events. Spec: github.com/occasiolabs/occasio docs/AUDIT.md at ddcac25e, src/audit/verifier.js at 52427bf8 (Apache-2.0).
import type { ChainFormat, CheckedRecord } from '../../chain/format';
import { duplicateKeys } from '../../json/duplicate-keys';
import { javascriptText } from '../../json/javascript-text';
import { normaliseInstant } from '../../time';
import { duplicateKeyNote, reSerialised, withoutTrailingHash } from '../hash-member';
import { referenceOccasio } from './reference';
import { type JsonObject, readRecord } from '../read-line';
import { occasioCanonical, occasioFastpath } from './fastpath';
import { occasioGitStates } from './git-states';
import { occasioOcsf } from './ocsf';
import { buildAgentAttestation, keptForAttestation } from '../../statements/predicates/agent-attestation';
import { occasioStatement } from './statement';
import { occasioSidecars } from './sidecars';
import { toEvent } from './to-event';

const SCHEMA = 1;
const encoder = new TextEncoder();

/**
 * `hash` is SHA-256, lower-case hex, over the record without `hash`, in insertion order as `JSON.stringify` writes it; `prev_hash` is
 * covered. Bytes are hashed as they lie first; only when those do not fit, the record is serialised again as the tool's verifier does.
 */
export const occasio: ChainFormat<'occasio', 'occasio-attestation'> = {
  id: 'occasio',
  label: 'Occasio',
  hashAlgorithm: 'sha256',
  genesis: '0'.repeat(64),
  firstSequence: null,
  restarts: false,
  rotates: false,
  legacyPrefix: true,
  opening: '{"audit_schema":',
  recognise,
  toEvent,
  gitStates: occasioGitStates,
  // A request is recorded with its cost when the model's answer, and the calls of tools it asked for, are done: src/interceptor.js at 0e175f9a.
  turnEnds: ['request'],
  ocsf: occasioOcsf,
  referenceVerifier: referenceOccasio,
  sidecars: occasioSidecars,
  statementOf: occasioStatement,
  runStatement: { companion: 'agent-attestation', keep: keptForAttestation, build: buildAgentAttestation },
  fastpath: { rule: occasioFastpath, canonical: occasioCanonical, numbered: false, secondaryHash: false },
  check(bytes, hasher) {
    const read = readRecord(bytes);
    if ('kind' in read) return read;
    const { record, text: written, line } = read;
    const notes: CheckedRecord['notes'] = [...read.notes];
    const twice = duplicateKeyNote(duplicateKeys(written, record));
    if (twice) notes.push(twice);
    if (record.audit_schema !== undefined && record.audit_schema !== SCHEMA)
      notes.push(unknownSchema(record.audit_schema));
    // The tool's verifier takes anything but a string of 64 characters for a record without a hash.
    const hash = typeof record.hash === 'string' && record.hash.length === 64 ? record.hash : null;
    const covered = hash === null ? null : withoutTrailingHash(line, written, 'hash', hash);
    let computed = covered ? hasher.sha256(...covered) : null;
    if (hash !== null && computed !== hash) {
      const { hash: _, ...content } = record;
      const original = javascriptText(content);
      const anew = hasher.sha256(encoder.encode(original));
      if (anew === hash) notes.push(reSerialised(written, original, hash, computed, twice ? ['duplicate key'] : []));
      computed = anew === hash ? anew : (computed ?? anew);
    }
    const prev = typeof record.prev_hash === 'string' ? record.prev_hash : null;
    return { kind: 'record', hash, prev, sequence: null, computed, recordedAt: normaliseInstant(record.ts), notes };
  },
};

function unknownSchema(found: unknown): CheckedRecord['notes'][number] {
  const version = javascriptText(found).slice(0, 80);
  return {
    code: 'unknown-schema',
    expected: String(SCHEMA),
    found: version,
    message: `The record says it follows audit schema ${version}; only version ${SCHEMA} is known here. Its hash was checked by the rule of version ${SCHEMA}.`,
  };
}

function recognise(record: JsonObject): number {
  let score = 0;
  if (typeof record.ts === 'string' && typeof record.kind === 'string') score += 0.5;
  if (typeof record.audit_schema === 'number') score += 0.3;
  if (typeof record.prev_hash === 'string' && typeof record.hash === 'string') score += 0.1;
  if (typeof record.event_id === 'string') score += 0.1;
  return score;
}
