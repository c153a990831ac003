import type { Level } from '../rules/rule';

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
  readonly status: 'open' | 'acknowledged' | 'closed';
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
