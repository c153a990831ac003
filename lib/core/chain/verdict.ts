/** Worst first. A chain has one verdict, the worst that applies; its problem list holds everything found. */
export const VERDICTS = [
  'tampered',
  'forked',
  'truncated',
  'gap',
  'corrupt',
  'unchained',
  'restarted',
  'verified-with-warnings',
  'verified',
] as const;

export type Verdict = (typeof VERDICTS)[number];
/** `pending` until the newest segment of the chain has been checked. */
export type StoredVerdict = Verdict | 'pending';
/** What is answered of a chain: `damaged` in place of its verdict while stored bytes of it are gone or altered. */
export const CHAIN_VERDICTS = ['damaged', ...VERDICTS, 'pending'] as const;
export type ChainVerdict = (typeof CHAIN_VERDICTS)[number];

/** The worse of two verdicts. */
export function worst(a: Verdict, b: Verdict): Verdict {
  return VERDICTS.indexOf(a) <= VERDICTS.indexOf(b) ? a : b;
}

/** Exit code of the CLI: 0 holds, 1 integrity broken, 2 unreadable. */
export function exitCode(verdict: Verdict): 0 | 1 | 2 {
  switch (verdict) {
    case 'tampered':
    case 'forked':
    case 'truncated':
    case 'gap':
      return 1;
    case 'corrupt':
    case 'unchained':
      return 2;
    default:
      return 0;
  }
}
