// Arbiter audit log. Spec: github.com/cyrenei/arbiter-mcp-firewall crates/arbiter-audit/src/{entry,sink}.rs at 679b30de, read for facts only.
import type { ChainFormat, CheckedRecord, Hasher } from '../../chain/format';
import { duplicateKeys } from '../../json/duplicate-keys';
import { type JsonNode, readTree } from '../../json/tree';
import { normaliseInstant } from '../../time';
import { referenceArbiter } from './reference';
import { arbiterText } from './text';
import { text } from '../fields';
import { duplicateKeyNote, reSerialised, tooDeep, withoutTrailingHash } from '../hash-member';
import { type JsonObject, readRecord } from '../read-line';
import { arbiterCanonical, arbiterFastpath } from './fastpath';
import { toEvent } from './to-event';

const encoder = new TextEncoder();

/**
 * `chain_record_hash` is BLAKE3-256, lower-case hex, over the record without it; sequence and predecessor are covered.
 * Every start of the writer begins again at sequence 1 after `genesis`, in the same file.
 */
export const arbiter: ChainFormat<'arbiter'> = {
  id: 'arbiter',
  label: 'Arbiter',
  hashAlgorithm: 'blake3',
  genesis: 'genesis',
  firstSequence: 1,
  restarts: true,
  rotates: false,
  // Chaining can be switched on later, on the same file.
  legacyPrefix: true,
  opening: '{"timestamp":',
  recognise,
  toEvent,
  referenceVerifier: referenceArbiter,
  referenceVerifierName: 'A verifier as Arbiter’s documentation describes it',
  fastpath: { rule: arbiterFastpath, canonical: arbiterCanonical, numbered: true, secondaryHash: false },
  check(bytes, hasher) {
    const read = readRecord(bytes);
    if ('kind' in read) return read;
    const { record, text: written, line } = read;
    const notes: CheckedRecord['notes'] = [...read.notes];
    const twice = duplicateKeyNote(duplicateKeys(written, record));
    if (twice) notes.push(twice);
    const hash = text(record.chain_record_hash) || null;
    const covered = hash === null ? null : withoutTrailingHash(line, written, 'chain_record_hash', hash);
    let computed = covered ? hasher.blake3(...covered) : null;
    if (hash !== null && computed !== hash) {
      const tree = readTree(written);
      if (!tree) return tooDeep();
      const anew = hashedAnew(tree, hash, hasher);
      if (anew?.digest === hash) notes.push(reSerialised(written, anew.original, hash, computed));
      computed = anew?.digest === hash ? hash : (computed ?? anew?.digest ?? null);
    }
    const prev = typeof record.chain_prev_hash === 'string' ? record.chain_prev_hash : null;
    const sequence = Number.isSafeInteger(record.chain_sequence) ? Number(record.chain_sequence) : null;
    return { kind: 'record', hash, prev, sequence, computed, recordedAt: normaliseInstant(record.timestamp), notes };
  },
};

/** The first of the forms the writer may have given the record whose digest is `hash`; else the form of the writer of today. */
function hashedAnew(tree: JsonNode, hash: string, hasher: Hasher): { original: string; digest: string } | null {
  const forms = (['zmij', 'ryu', 'as-written'] as const).flatMap((floats) => {
    const original = arbiterText(tree, floats);
    return original ? [{ original, digest: hasher.blake3(encoder.encode(original)) }] : [];
  });
  return forms.find(({ digest }) => digest === hash) ?? forms[0] ?? null;
}

function recognise(record: JsonObject): number {
  let score = 0;
  if (typeof record.request_id === 'string' && typeof record.authorization_decision === 'string') score += 0.5;
  if (typeof record.tool_called === 'string' && typeof record.agent_id === 'string') score += 0.2;
  if (typeof record.chain_record_hash === 'string' && typeof record.chain_sequence === 'number') score += 0.3;
  return score;
}
