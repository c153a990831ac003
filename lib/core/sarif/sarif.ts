import {
  type FindingEvidence,
  type FindingInFull,
  type Writer,
  evidenceOf,
  findingMessage,
  findingUrl,
} from '../findings/finding';

/** OASIS, Static Analysis Results Interchange Format 2.1.0 plus errata 01. */
const SARIF_SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const BASE = 'SEALTRAIL';

const LEVELS = {
  critical: { level: 'error', severity: '9.5' },
  high: { level: 'error', severity: '8.0' },
  medium: { level: 'warning', severity: '5.5' },
  low: { level: 'note', severity: '2.0' },
  informational: { level: 'note', severity: '0.0' },
} as const satisfies Record<FindingInFull['level'], object>;

/** Before the results of a log of one run, and what stands between and behind them: rules are told of once all results are. */
export const SARIF_HEAD = `{"$schema":"${SARIF_SCHEMA}","version":"2.1.0","runs":[{"results":[`;
export function sarifTail({ rules }: SarifRules, { version, url }: Writer): string {
  const driver = { name: 'Sealtrail', version, informationUri: url, rules };
  const bases = { [BASE]: { uri: `${url}/`, description: { text: 'The installation that holds the evidence.' } } };
  return `],"tool":${JSON.stringify({ driver })},"originalUriBaseIds":${JSON.stringify(bases)}}]}\n`;
}

/** The rules of a run, in the order their results are met: of one id and two texts there are two. */
export class SarifRules {
  readonly rules: ReturnType<typeof toSarifRule>[] = [];
  readonly #places = new Map<string, number>();

  placeOf(finding: FindingInFull): number {
    const key = JSON.stringify([finding.ruleDigest, finding.level, finding.title]);
    const place = this.#places.get(key) ?? this.rules.push(toSarifRule(finding)) - 1;
    this.#places.set(key, place);
    return place;
  }
}

function toSarifRule(finding: FindingInFull) {
  const { level, severity } = LEVELS[finding.level];
  return {
    id: finding.ruleId,
    shortDescription: { text: finding.title },
    ...(finding.description ? { fullDescription: { text: finding.description } } : {}),
    ...(finding.runbook ? { help: { text: finding.runbook } } : {}),
    defaultConfiguration: { level },
    properties: {
      'security-severity': severity,
      tags: [...new Set(['security', ...finding.tags, ...finding.atlas, ...finding.owasp])],
      sha256: finding.ruleDigest,
      falsePositives: finding.falsePositives,
    },
  };
}

/** What was decided, and what a suppression hides, which is named by its id. */
function suppressionsOf({ status, suppressedBy }: FindingInFull) {
  const accepted = { kind: 'external', status: 'accepted' };
  if (suppressedBy) {
    const { id, title, expiresAt } = suppressedBy;
    return { suppressions: [{ ...accepted, guid: id, justification: `${title}, until ${expiresAt}` }] };
  }
  return status === 'closed' || status === 'resolved' ? { suppressions: [accepted] } : {};
}

/**
 * A finding as a result. Its first record is its location, the others are related to it: each as a region in the bytes of its chain, with what it takes to
 * recompute it.
 */
export function toSarifResult(finding: FindingInFull, rules: SarifRules, writer: Writer) {
  const { level } = LEVELS[finding.level];
  const [first, ...others] = finding.records;
  return {
    ruleId: finding.ruleId,
    ruleIndex: rules.placeOf(finding),
    kind: 'fail',
    level,
    message: { text: findingMessage(finding) },
    locations: first ? [recordLocation(finding, first)] : finding.chains.map(chainLocation),
    relatedLocations: others.map((record, index) => ({ id: index + 1, ...recordLocation(finding, record) })),
    occurrenceCount: Math.max(1, finding.recordCount),
    fingerprints: { 'sealtrailFinding/v1': finding.id },
    hostedViewerUri: findingUrl(writer, finding.id),
    ...suppressionsOf(finding),
    properties: {
      status: finding.status,
      verdict: finding.verdict,
      suppressedBy: finding.suppressedBy,
      level: finding.level,
      ruleSha256: finding.ruleDigest,
      windowFrom: finding.windowFrom,
      windowTo: finding.windowTo,
      foundAt: finding.foundAt,
      group: finding.group,
      measures: finding.measures,
      records: finding.recordCount,
      chains: finding.chains,
    },
  };
}

function recordLocation(finding: FindingInFull, record: FindingEvidence) {
  const { chain, chainId, byteOffset, byteLength, ...place } = evidenceOf(finding, record);
  return {
    physicalLocation: {
      artifactLocation: { uri: `api/v1/chains/${chainId}/bytes`, uriBaseId: BASE },
      region: { byteOffset, byteLength },
    },
    logicalLocations: [{ name: chain, fullyQualifiedName: `${chainId}/${record.ordinal}`, kind: 'record' }],
    properties: place,
  };
}

function chainLocation({ id, name }: FindingInFull['chains'][number]) {
  return { logicalLocations: [{ name, fullyQualifiedName: id, kind: 'chain' }] };
}
