import type { Verdict } from './verdict';

/** Every code a problem may carry, with the verdict it leads to. Closed: the browser, the CLI and statements rely on it. */
export const PROBLEM_VERDICT = {
  'hash-mismatch': 'tampered',
  'link-mismatch': 'tampered',
  'out-of-order': 'tampered',
  'duplicate-record': 'tampered',
  'sequence-mismatch': 'tampered',
  'missing-hash': 'tampered',
  'bad-genesis': 'tampered',
  'history-rewritten': 'tampered',
  'bad-signature': 'tampered',
  'session-mismatch': 'tampered',
  'merkle-mismatch': 'tampered',
  'ledger-mismatch': 'tampered',
  fork: 'forked',
  'shorter-than-witnessed': 'truncated',
  'missing-records': 'gap',
  'missing-beginning': 'gap',
  'not-json': 'corrupt',
  'not-utf8': 'corrupt',
  'not-a-record': 'corrupt',
  'torn-tail': 'corrupt',
  'glued-line': 'corrupt',
  'zero-bytes': 'corrupt',
  'unreadable-evidence': 'corrupt',
  'no-chain': 'unchained',
  restart: 'restarted',
  rotation: 'restarted',
  're-serialised': 'verified-with-warnings',
  'duplicate-key': 'verified-with-warnings',
  'unknown-key': 'verified-with-warnings',
  'legacy-prefix': 'verified-with-warnings',
  'unknown-schema': 'verified-with-warnings',
  'no-event-json': 'verified-with-warnings',
  'unsigned-record': 'verified-with-warnings',
  'byte-order-mark': 'verified-with-warnings',
  'missing-newline': 'verified-with-warnings',
  'blank-lines': 'verified-with-warnings',
  crlf: 'verified-with-warnings',
} as const satisfies Record<string, Verdict>;

export type ProblemCode = keyof typeof PROBLEM_VERDICT;
export const PROBLEM_CODES = Object.keys(PROBLEM_VERDICT) as ProblemCode[]; // keys of a literal we own

/** `error` breaks the chain, `warning` leaves it holding. */
export type Severity = 'error' | 'warning';

/** Something wrong at one place. Positions are relative to whatever was checked: a segment or the whole chain. */
export type Problem = {
  code: ProblemCode;
  severity: Severity;
  /** 0-based ordinal of the record the problem is at; for bytes that are no record, the ordinal the next record has. */
  record: number;
  /** 1-based physical line. */
  line: number;
  /** First byte of the line. */
  byteOffset: number;
  /** Bytes of the line without its terminator. */
  byteLength: number;
  expected: string | null;
  found: string | null;
  /** One plain sentence with the likely cause. */
  message: string;
};

export function severityOf(code: ProblemCode): Severity {
  const verdict = PROBLEM_VERDICT[code];
  return verdict === 'verified-with-warnings' || verdict === 'restarted' ? 'warning' : 'error';
}

export type ProblemCounts = Partial<Record<ProblemCode, number>>;
