import type { Hasher } from '../../chain/format';
import type { ReferenceFinding, ReferenceWalk } from '../../chain/original';
import { isObject } from '../read-line';

const encoder = new TextEncoder();
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const GENESIS = '0'.repeat(64);
/** Characters of the longest string V8 makes; the original reads the whole file into one. */
const MAX_CHARACTERS = 0x1fffffe8;

/** `occasio audit verify`: goes on after a failure, expecting the hash it recomputed; counts the lines that are not empty. */
export function originalOccasio(hasher: Hasher): ReferenceWalk {
  const rows = { total: 0, chained: 0, legacy: 0 };
  let characters = 0;
  let expected = GENESIS;
  let ended: ReferenceFinding | null = null;
  let first: { line: number; message: string } | null = null;
  let reported = 0;

  function check(written: string): void {
    const line = rows.total;
    const fail = (message: string) => {
      reported += 1;
      first ??= { line, message };
    };
    let row: unknown;
    try {
      row = JSON.parse(written);
    } catch {
      return fail('Invalid JSON — cannot parse row');
    }
    if (row === null) {
      ended = { verdict: 'crash', line, message: "TypeError: Cannot read properties of null (reading 'hash')" };
      return;
    }
    if (!isObject(row) || typeof row.hash !== 'string' || row.hash.length !== 64) {
      rows.legacy += 1;
      return;
    }
    rows.chained += 1;
    if (row.audit_schema !== undefined && row.audit_schema !== 1) reported += 1; // a warning
    const { hash, ...covered } = row;
    const prev = String(row.prev_hash);
    if (rows.chained === 1 && row.prev_hash !== GENESIS)
      fail(`first chained row has unexpected prev_hash (expected GENESIS, got ${prev.slice(0, 16)}…)`);
    if (row.prev_hash !== expected)
      fail(`chain broken — prev_hash mismatch (expected ${expected.slice(0, 12)}…, got ${prev.slice(0, 12)}…)`);
    const rewritten = stringify(covered);
    if (rewritten === null) {
      ended = {
        verdict: 'not-followed',
        line,
        message: 'the record nests so deep that what JSON.stringify makes of it depends on the stack it has',
      };
      return;
    }
    const computed = hasher.sha256(encoder.encode(rewritten));
    if (computed !== hash)
      fail(
        `hash mismatch — row was modified (stored ${String(hash).slice(0, 12)}…, computed ${computed.slice(0, 12)}…)`,
      );
    expected = computed;
  }

  return {
    line({ bytes, crlf, terminated, tooLong }) {
      if (ended) return;
      const written = tooLong ? '' : utf8.decode(bytes) + (crlf ? '\r' : '');
      characters += written.length + (terminated ? 1 : 0);
      if (written === '' && !tooLong) return;
      rows.total += 1;
      check(written);
    },
    end() {
      if (characters > MAX_CHARACTERS)
        return {
          verdict: 'crash',
          line: null,
          message: 'Error: Cannot create a string longer than 0x1fffffe8 characters',
        };
      if (ended) return ended;
      if (first)
        return {
          verdict: 'failed',
          line: first.line,
          message: `${first.message}; ✗ Chain broken (${reported} error(s) detected)`,
        };
      if (rows.total === 0) return { verdict: 'ok', line: null, message: 'Log is empty — nothing to verify.' };
      if (rows.chained === 0) return { verdict: 'unchained', line: null, message: '⚠ No hash-chained rows found.' };
      return { verdict: 'ok', line: null, message: `✓ Chain intact (${rows.chained} rows verified)` };
    },
  };
}

/** Null when it nests too deep. */
function stringify(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
}
