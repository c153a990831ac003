import type { Hasher } from '../../chain/format';
import type { ReferenceFinding, ReferenceWalk } from '../../chain/reference-verifier';
import { text } from '../fields';
import { withoutEnding } from '../hash-member';
import { readLine } from '../read-line';

const ENDING = /,"chain_record_hash":"([0-9a-f]{64})"\}$/;
const WHOSE = 'Arbiter ships no verifier; the top-to-bottom one its documentation describes';

/** Arbiter's documentation says that a naive top-to-bottom verifier is sufficient: this is one. It stops at the first failure. */
export function referenceArbiter(hasher: Hasher): ReferenceWalk {
  let rows = 0;
  let before = { hash: 'genesis', sequence: 0 };
  let failure: ReferenceFinding | null = null;

  function check(bytes: Uint8Array, line: number): void {
    const fail = (reason: string, verdict: ReferenceFinding['verdict'] = 'failed') => {
      failure = { verdict, line, message: `${WHOSE} says: ${reason}` };
    };
    const read = readLine(bytes);
    if ('kind' in read) return fail('invalid JSON', 'corrupt');
    const { chain_sequence: sequence, chain_prev_hash: prev } = read.record;
    const hash = text(read.record.chain_record_hash);
    if (hash === '' || typeof prev !== 'string' || typeof sequence !== 'number')
      return fail('not chained', 'unchained');
    const covered = ENDING.exec(read.text)?.[1] === hash ? withoutEnding(bytes, read.text, ENDING) : null;
    if (!covered || hasher.blake3(...covered) !== hash) return fail('record hash mismatch');
    if (rows > 0 && sequence === 1 && prev === 'genesis') return fail('chain restart (new genesis)');
    if (prev !== before.hash) return fail('prev hash mismatch');
    if (sequence !== before.sequence + 1) return fail('sequence mismatch');
    before = { hash, sequence };
    rows += 1;
  }

  return {
    line({ bytes, number, tooLong }) {
      if (failure) return;
      if (tooLong) failure = { verdict: 'not-followed', line: number, message: 'the line is longer than is read here' };
      else if (bytes.length > 0) check(bytes, number);
    },
    pass({ lines, prev, hash, firstSequence, lastSequence }) {
      if (failure) return true;
      if (lastSequence === null || prev !== before.hash || firstSequence !== before.sequence + 1) return false;
      before = { hash, sequence: lastSequence };
      rows += lines;
      return true;
    },
    end: () => failure ?? { verdict: 'ok', line: null, message: `${WHOSE} finds nothing in ${rows} rows.` },
  };
}
