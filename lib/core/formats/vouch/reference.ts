import type { ReferenceFinding, ReferenceWalk } from '../../chain/reference-verifier';
import type { Hasher } from '../../chain/format';
import { pythonText } from '../../json/python-text';
import { readTree } from '../../json/tree';
import { readLine } from '../read-line';

const encoder = new TextEncoder();
/** CPython up to 3.11 gives up at 1,000 frames, later ones further down. */
const PYTHON_DEPTH = 950;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** What Python's `str.strip` takes away. */
// eslint-disable-next-line no-control-regex
const STRIPPED = /^[\s\x1c-\x1f\x85]+|[\s\x1c-\x1f\x85]+$/g;

/** `audit.verify_chain`: stops at the first failure; counts physical lines, a lone CR ends one too. */
export function referenceVouch(hasher: Hasher): ReferenceWalk {
  let expected = '0'.repeat(64);
  let number = 0;
  let failure: ReferenceFinding | null = null;

  function check(written: string): void {
    number += 1;
    const fail = (message: string, verdict: ReferenceFinding['verdict'] = 'failed') => {
      failure = { verdict, line: number, message };
    };
    // strip() leaves the byte-order mark, which the pattern's \s would take.
    const stripped = written.startsWith('\uFEFF') ? written : written.replaceAll(STRIPPED, '');
    if (stripped === '') return;
    const read = readLine(encoder.encode(stripped), 'python');
    if ('kind' in read)
      return read.code === 'not-a-record'
        ? fail("AttributeError: the line's value has no attribute 'get'", 'crash')
        : fail('malformed JSON');
    const { hash, prev_hash: prev } = read.record;
    if (hash === undefined || hash === null || prev === undefined || prev === null)
      return fail('legacy event is not hash-chained');
    if (prev !== expected) return fail('previous hash mismatch');
    const tree = readTree(stripped, PYTHON_DEPTH);
    if (!tree)
      return fail(
        `the record nests deeper than ${PYTHON_DEPTH} levels, and how deep Python reads depends on its version`,
        'not-followed',
      );
    if (hasher.sha256(encoder.encode(expected + pythonText(tree, 'hash'))) !== hash) return fail('event hash mismatch');
    expected = String(hash);
  }

  return {
    line({ bytes, tooLong }) {
      if (failure) return;
      let written: string;
      try {
        written = utf8.decode(bytes);
      } catch {
        failure = { verdict: 'crash', line: number + 1, message: 'UnicodeDecodeError: the file is not UTF-8' };
        return;
      }
      if (tooLong)
        failure = { verdict: 'not-followed', line: number + 1, message: 'the line is longer than is read here' };
      else for (const part of written.split('\r')) if (!failure) check(part);
    },
    pass({ lines, prev, hash }) {
      if (failure) return true;
      if (prev !== expected) return false;
      number += lines;
      expected = hash;
      return true;
    },
    end: () => failure ?? { verdict: 'ok', line: null, message: 'audit chain ok' },
  };
}
