import type { Level } from '../rules/rule';

/** What becomes of a finding: `new` until somebody looks at it, `resolved` and `closed` when it is decided. */
export const FINDING_STATUSES = ['new', 'in_progress', 'on_hold', 'resolved', 'closed'] as const;
type FindingStatus = (typeof FINDING_STATUSES)[number];

/** What a finding was found to be, each with its `verdict_id` in OCSF. */
export const VERDICT_IDS = {
  unknown: 0,
  false_positive: 1,
  true_positive: 2,
  disregard: 3,
  suspicious: 4,
  benign: 5,
  test: 6,
  insufficient_data: 7,
  security_risk: 8,
  managed_externally: 9,
  duplicate: 10,
  other: 99,
} as const;
export type FindingVerdict = keyof typeof VERDICT_IDS;

/** A record that proves a finding: where it lies in evidence, and its hash. */
export type FindingEvidence = {
  readonly chainId: string;
  readonly ordinal: number;
  /** Null while the record's segment is open. */
  readonly segmentDigest: string | null;
  /** In the chain. */
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly hash: string;
  readonly recordedAt: string;
};

/** A finding with what its rule says, as other tools are told of it. */
export type FindingInFull = {
  readonly id: string;
  readonly ruleId: string;
  readonly ruleDigest: string;
  readonly title: string;
  readonly level: Level;
  readonly status: FindingStatus;
  readonly verdict: FindingVerdict | null;
  /** The suppression that hides it. */
  readonly suppressedBy: { readonly id: string; readonly title: string; readonly expiresAt: string } | null;
  readonly group: Readonly<Record<string, string>>;
  readonly windowFrom: string;
  readonly windowTo: string;
  readonly measures: object;
  readonly recordCount: number;
  readonly chains: readonly { readonly id: string; readonly name: string }[];
  readonly foundAt: string;
  readonly description: string;
  readonly falsePositives: readonly string[];
  readonly tags: readonly string[];
  readonly atlas: readonly string[];
  readonly owasp: readonly string[];
  readonly runbook: string;
  /** At most the first 1,000. */
  readonly records: readonly FindingEvidence[];
};

export type FindingInBrief = Pick<
  FindingInFull,
  'id' | 'ruleId' | 'ruleDigest' | 'title' | 'windowFrom' | 'windowTo' | 'foundAt' | 'recordCount'
>;

/** Findings of one story, as other tools are told of it. */
export type CaseInFull = {
  readonly id: string;
  readonly title: string;
  readonly status: FindingInFull['status'];
  readonly owner: { readonly id: string; readonly name: string } | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The worst of its findings, and the time they span; null of none. */
  readonly level: Level | null;
  readonly from: string | null;
  readonly to: string | null;
  /** Its findings, 1,000 at most. */
  readonly timeline: readonly FindingInBrief[];
  /** What was done about it, the oldest first. */
  readonly history: readonly {
    readonly at: string;
    readonly by: { readonly name: string };
    readonly changes: object;
    readonly note: string | null;
  }[];
};

/** Who writes it: the version of Sealtrail, and where it is reached, without a slash at the end. */
export type Writer = { readonly version: string; readonly url: string };

/** The page of a finding. */
export function findingUrl({ url }: Writer, id: string): string {
  return `${url}/findings?finding=${id}`;
}

/** What happened, in a line: the title, and what the records have in common. */
export function findingMessage({ title, group }: FindingInFull): string {
  const stated = Object.entries(group).flatMap(([field, value]) => (value === '' ? [] : [`${field}=${value}`]));
  return stated.length === 0 ? title : `${title} (${stated.join(' ')})`;
}

/** A record of evidence, with the name of its chain. */
export function evidenceOf({ chains }: FindingInFull, { chainId, segmentDigest, ...place }: FindingEvidence) {
  return {
    chain: chains.find(({ id }) => id === chainId)?.name ?? chainId,
    chainId,
    segmentSha256: segmentDigest,
    ...place,
  };
}
