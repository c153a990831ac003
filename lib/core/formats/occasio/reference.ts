import type { Hasher } from '../../chain/format';
import type { ReferenceFinding, ReferenceWalk } from '../../chain/reference-verifier';
import { isObject } from '../read-line';

const encoder = new TextEncoder();
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const GENESIS = '0'.repeat(64);
/** Characters of the longest string V8 makes; the tool's verifier reads the whole file into one. */
const MAX_CHARACTERS = 0x1fffffe8;

/** What the verifier found so far. */
type Found = {
  rows: { total: number; chained: number; legacy: number };
  /** The hash the next row must name. */
  expected: string;
  first: { line: number; message: string } | null;
  /** As many as it reports, warnings among them. */
  reported: number;
  /** Why it goes no further. */
  ended: ReferenceFinding | null;
};

/** `occasio audit verify`: goes on after a failure, expecting the hash it recomputed; counts the lines that are not empty. */
export function referenceOccasio(hasher: Hasher): ReferenceWalk {
  const found: Found = {
    rows: { total: 0, chained: 0, legacy: 0 },
    expected: GENESIS,
    first: null,
    reported: 0,
    ended: null,
  };
  let characters = 0;
  return {
    line({ bytes, crlf, terminated, tooLong }) {
      if (found.ended) return;
      const written = tooLong ? '' : utf8.decode(bytes) + (crlf ? '\r' : '');
      characters += written.length + (terminated ? 1 : 0);
      if (written === '' && !tooLong) return;
      found.rows.total += 1;
      checkRow(found, hasher, written);
    },
    pass({ lines, units, prev, hash }) {
      if (found.ended) return true;
      characters += units;
      found.rows.total += 1;
      found.rows.chained += 1;
      checkLink(found, prev);
      found.rows.total += lines - 1;
      found.rows.chained += lines - 1;
      found.expected = hash;
      return true;
    },
    end: () =>
      characters > MAX_CHARACTERS
        ? {
            verdict: 'crash',
            line: null,
            message: 'Error: Cannot create a string longer than 0x1fffffe8 characters',
          }
        : (found.ended ?? summaryOf(found)),
  };
}

function checkRow(found: Found, hasher: Hasher, written: string): void {
  const { rows } = found;
  const line = rows.total;
  let row: unknown;
  try {
    row = JSON.parse(written);
  } catch {
    return fail(found, 'Invalid JSON — cannot parse row');
  }
  if (row === null) {
    found.ended = { verdict: 'crash', line, message: "TypeError: Cannot read properties of null (reading 'hash')" };
    return;
  }
  if (!isObject(row) || typeof row.hash !== 'string' || row.hash.length !== 64) {
    rows.legacy += 1;
    return;
  }
  rows.chained += 1;
  if (row.audit_schema !== undefined && row.audit_schema !== 1) found.reported += 1; // a warning
  const { hash, ...covered } = row;
  checkLink(found, row.prev_hash);
  const rewritten = stringify(covered);
  if (rewritten === null) {
    found.ended = {
      verdict: 'not-followed',
      line,
      message: 'the record nests so deep that what JSON.stringify makes of it depends on the stack it has',
    };
    return;
  }
  const computed = hasher.sha256(encoder.encode(rewritten));
  if (computed !== hash)
    fail(
      found,
      `hash mismatch — row was modified (stored ${String(hash).slice(0, 12)}…, computed ${computed.slice(0, 12)}…)`,
    );
  found.expected = computed;
}

/** What the chained row read last names as the one before it. */
function checkLink(found: Found, named: unknown): void {
  const prev = String(named);
  if (found.rows.chained === 1 && named !== GENESIS)
    fail(found, `first chained row has unexpected prev_hash (expected GENESIS, got ${prev.slice(0, 16)}…)`);
  if (named !== found.expected)
    fail(
      found,
      `chain broken — prev_hash mismatch (expected ${found.expected.slice(0, 12)}…, got ${prev.slice(0, 12)}…)`,
    );
}

/** Of the row read last. */
function fail(found: Found, message: string): void {
  found.reported += 1;
  found.first ??= { line: found.rows.total, message };
}

function summaryOf({ rows, first, reported }: Found): ReferenceFinding {
  if (first)
    return {
      verdict: 'failed',
      line: first.line,
      message: `${first.message}; ✗ Chain broken (${reported} error(s) detected)`,
    };
  if (rows.total === 0) return { verdict: 'ok', line: null, message: 'Log is empty — nothing to verify.' };
  if (rows.chained === 0) return { verdict: 'unchained', line: null, message: '⚠ No hash-chained rows found.' };
  return { verdict: 'ok', line: null, message: `✓ Chain intact (${rows.chained} rows verified)` };
}

/** Null when it nests too deep. */
function stringify(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
}
