import type { Hasher } from '../../chain/format';
import type { ReferenceFinding, ReferenceWalk } from '../../chain/reference-verifier';
import { memberSpans } from '../../json/member-spans';
import { readTree } from '../../json/tree';
import { chainDigest, leafDigest } from './digests';
import { MAX_EVENT_DEPTH, nonoEventText } from './event';
import { createMerkleTree } from './merkle';
import type { NonoSession } from './session';
import { type JsonObject, readLine } from '../read-line';

const encoder = new TextEncoder();
const KNOWN = ['sequence', 'prev_chain', 'leaf_hash', 'chain_hash', 'event_json', 'event'];
/** Each byte is read by `u8::from_str_radix`, which takes a plus sign. */
const DIGEST = /^(?:[0-9a-fA-F]{2}|\+[0-9a-fA-F]){32}$/;

/** `nono audit verify`, of the log alone or with what its session file says of it: the first failure ends it; counts physical lines. */
export function referenceNono(hasher: Hasher, session: NonoSession | null = null): ReferenceWalk {
  let events = 0;
  let head: string | null = null;
  let failure: ReferenceFinding | null = null;
  let lacksEventJson = false;
  const tree = createMerkleTree(hasher);

  function check(bytes: Uint8Array, line: number): void {
    const fail = (message: string, verdict: ReferenceFinding['verdict'] = 'failed') => {
      failure = { verdict, line, message: `${message} at line ${line}` };
    };
    const read = readLine(bytes);
    const row = 'kind' in read ? null : rowOf(read.record, read.text);
    if (!row) return fail('Failed to parse audit event record', 'corrupt');
    if (row.sequence !== BigInt(events)) {
      fail('Audit event sequence mismatch');
      if (failure) failure.message += `: expected ${events}, got ${row.sequence}`;
      return;
    }
    if (row.prev !== head) return fail('Audit event prev_chain mismatch');
    if (row.eventJson !== null) {
      if (parsed(row.eventJson) === null) return fail('Failed to parse canonical audit event JSON', 'corrupt');
      if (row.eventJson !== row.event) return fail('Audit event JSON mismatch');
    }
    const leaf = leafDigest(hasher, encoder.encode(row.eventJson ?? row.event));
    if (row.leaf !== leaf) return fail('Audit event leaf hash mismatch');
    const chain = chainDigest(hasher, head, leaf);
    if (row.chain !== chain) return fail('Audit event chain hash mismatch');
    lacksEventJson ||= row.eventJson === null;
    tree.add(leaf);
    head = chain;
    events += 1;
  }

  /** What does not fit the session file. A count that differs is shown, and fails the command unless it prints JSON. */
  function ofSession(): ReferenceFinding | null {
    const integrity = session?.audit_integrity;
    if (!integrity) return null;
    const fail = (message: string): ReferenceFinding => ({ verdict: 'failed', line: null, message });
    if (lacksEventJson) return fail('Alpha audit log is missing canonical event_json bytes');
    if (head !== integrity.chain_head) return fail('Alpha audit log chain head mismatch');
    if (tree.root() !== integrity.merkle_root) return fail('Alpha audit log Merkle root mismatch');
    return events === integrity.event_count ? null : fail('MISMATCH: Audit integrity verification failed');
  }

  return {
    line({ bytes, number, tooLong }) {
      if (failure) return;
      if (tooLong) failure = { verdict: 'not-followed', line: number, message: 'the line is longer than is read here' };
      else if (!isWhite(bytes)) check(bytes, number);
    },
    end: () =>
      failure ??
      ofSession() ?? { verdict: 'ok', line: null, message: `VERIFIED, ${events} ${events === 1 ? 'event' : 'events'}` },
  };
}

type Row = {
  sequence: bigint;
  prev: string | null;
  leaf: string;
  chain: string;
  eventJson: string | null;
  event: string;
};

/** The row as serde reads it; null when it refuses: a member missing, repeated or of another type. */
function rowOf(record: JsonObject, text: string): Row | null {
  const spans = memberSpans(text);
  if (KNOWN.some((key) => spans.filter((span) => span.key === key).length > 1)) return null;
  const raw = (key: string) => {
    const span = spans.find((candidate) => candidate.key === key);
    return span ? text.slice(span.valueFrom, span.to) : '';
  };
  const sequence = raw('sequence');
  const digest = (value: unknown) =>
    typeof value === 'string' && DIGEST.test(value) ? value.replaceAll('+', '0').toLowerCase() : null;
  const [prev, leaf, chain] = [digest(record.prev_chain), digest(record.leaf_hash), digest(record.chain_hash)];
  const event = parsed(raw('event'));
  const eventJson = record.event_json ?? null;
  if (!/^\d+$/.test(sequence) || BigInt(sequence) >= 2n ** 64n || leaf === null || chain === null || event === null)
    return null;
  if (((record.prev_chain ?? null) !== null && prev === null) || (eventJson !== null && typeof eventJson !== 'string'))
    return null;
  return { sequence: BigInt(sequence), prev, leaf, chain, eventJson, event };
}

/** What nono makes of an event's text, written again; null when it does not read it. */
function parsed(text: string): string | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const tree = readTree(text, MAX_EVENT_DEPTH);
  return tree && nonoEventText(tree);
}

function isWhite(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}
