import type { Hasher } from '../../chain/format';
import type { ReferenceFinding, ReferenceWalk } from '../../chain/reference-verifier';
import { chainDigest, leafDigest } from './digests';
import { createMerkleTree } from './merkle';
import type { NonoSession } from './session';
import { eventText, keptRow, rowOf } from './row';
import { readLine } from '../read-line';

const encoder = new TextEncoder();

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
    const kept = 'kind' in read ? null : keptRow(read.record, read.text);
    const row = 'kind' in read ? null : (kept ?? rowOf(read.record, read.text));
    if (!row) return fail('Failed to parse audit event record', 'corrupt');
    if (row.sequence !== BigInt(events)) {
      fail('Audit event sequence mismatch');
      if (failure) failure.message += `: expected ${events}, got ${row.sequence}`;
      return;
    }
    if (row.prev !== head) return fail('Audit event prev_chain mismatch');
    if (row.eventJson !== null && !kept) {
      if (eventText(row.eventJson) === null) return fail('Failed to parse canonical audit event JSON', 'corrupt');
      if (row.eventJson !== row.event) return fail('Audit event JSON mismatch');
    }
    const leaf = leafDigest(hasher, encoder.encode(row.eventJson ?? row.event));
    if (row.leaf !== leaf) return fail('Audit event leaf hash mismatch');
    const chain = chainDigest(hasher, head, leaf);
    if (row.chain !== chain) return fail('Audit event chain hash mismatch');
    lacksEventJson ||= row.eventJson === null;
    if (session) tree.add(leaf);
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

function isWhite(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}
