import type { FindingStatus, FindingVerdict } from '@/lib/schemas/triage';

/** In the order they are gone through. */
export const STATUS_WORDS: Readonly<Record<FindingStatus, string>> = {
  new: 'New',
  in_progress: 'In progress',
  on_hold: 'On hold',
  resolved: 'Resolved',
  closed: 'Closed',
};
export const STATUSES = Object.keys(STATUS_WORDS) as FindingStatus[]; // its own keys

/** Those that are given most first. */
export const VERDICT_WORDS: Readonly<Record<FindingVerdict, string>> = {
  true_positive: 'True positive',
  false_positive: 'False positive',
  benign: 'Benign',
  suspicious: 'Suspicious',
  security_risk: 'Security risk',
  test: 'Test',
  duplicate: 'Duplicate',
  disregard: 'Disregard',
  insufficient_data: 'Insufficient data',
  managed_externally: 'Managed externally',
  other: 'Other',
  unknown: 'Unknown',
};
export const VERDICTS = Object.keys(VERDICT_WORDS) as FindingVerdict[]; // its own keys
