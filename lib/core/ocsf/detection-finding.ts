import {
  type FindingInBrief,
  type FindingInFull,
  type FindingVerdict,
  VERDICT_IDS,
  type Writer,
  evidenceOf,
  findingMessage,
  findingUrl,
} from '../findings/finding';
import { stated } from './details';

/** github.com/ocsf/ocsf-schema: the newest that was released. */
export const OCSF_FINDING_VERSION = '1.8.0';

const CLASS = { uid: 2004, name: 'Detection Finding' } as const;
const ACTIVITIES = { 1: 'Create', 2: 'Update', 3: 'Close' } as const;
const STATUSES = { 1: 'New', 2: 'In Progress', 3: 'Suppressed', 4: 'Resolved', 5: 'Archived', 99: 'On Hold' } as const;
export const SEVERITIES = {
  informational: [1, 'Informational'],
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
} as const satisfies Record<FindingInFull['level'], readonly [number, string]>;

type State = { readonly activity: Activity; readonly status: keyof typeof STATUSES };
const STATES: Readonly<Record<FindingInFull['status'], State>> = {
  new: { activity: 1, status: 1 },
  in_progress: { activity: 2, status: 2 },
  on_hold: { activity: 2, status: 99 },
  resolved: { activity: 3, status: 4 },
  closed: { activity: 3, status: 5 },
};

/** What a suppression hides is suppressed, whatever was done about it before. */
function stateOf({ status, suppressedBy }: FindingInFull): State {
  return suppressedBy ? { activity: 2, status: 3 } : STATES[status];
}

export type Activity = keyof typeof ACTIVITIES;

/** What an event of a class of findings says of its class and of what was done. */
export function classed({ uid, name }: { uid: number; name: string }, activity: Activity) {
  return {
    category_uid: 2,
    category_name: 'Findings',
    class_uid: uid,
    class_name: name,
    activity_id: activity,
    activity_name: ACTIVITIES[activity],
    type_uid: uid * 100 + activity,
    type_name: `${name}: ${ACTIVITIES[activity]}`,
  };
}

/**
 * A finding as a Detection Finding of the Open Cybersecurity Schema Framework. Every record of `evidences` says where its bytes are and what their hash
 * is; `uid` is that of the record as `toOcsf` writes it. What OCSF has no attribute for stands in `unmapped`.
 */
export function toDetectionFinding(finding: FindingInFull, writer: Writer) {
  const [severityId, severity] = SEVERITIES[finding.level];
  const { activity, status } = stateOf(finding);
  return {
    ...classed(CLASS, activity),
    severity_id: severityId,
    severity,
    status_id: status,
    status: STATUSES[status],
    ...(finding.verdict && { verdict_id: VERDICT_IDS[finding.verdict], verdict: verdictWords(finding.verdict) }),
    time: Date.parse(finding.foundAt),
    start_time: Date.parse(finding.windowFrom),
    end_time: Date.parse(finding.windowTo),
    count: Math.max(1, finding.recordCount),
    is_alert: true,
    message: findingMessage(finding),
    metadata: {
      version: OCSF_FINDING_VERSION,
      profiles: ['incident'],
      product: { name: 'Sealtrail', vendor_name: 'Sealtrail', version: writer.version },
      uid: finding.id,
    },
    finding_info: findingInfo(finding, writer),
    evidences: finding.records.map((record) => ({
      uid: `${record.chainId}/${record.ordinal}`,
      data: evidenceOf(finding, record),
    })),
    resources: finding.chains.map(({ id, name }) => ({ uid: id, name, type: 'chain', role_id: 3, role: 'Affected' })),
    ...(finding.runbook ? { remediation: { desc: finding.runbook } } : {}),
    src_url: findingUrl(writer, finding.id),
    unmapped: {
      rule_sha256: finding.ruleDigest,
      window: { from: finding.windowFrom, to: finding.windowTo },
      group: finding.group,
      measures: finding.measures,
      records: finding.recordCount,
      owasp: finding.owasp,
      ...(finding.suppressedBy && { suppression: finding.suppressedBy, triage_status: finding.status }),
      tags: finding.tags,
      false_positives: finding.falsePositives,
    },
  };
}

/** As OCSF writes it: `False Positive`. */
function verdictWords(verdict: FindingVerdict): string {
  return verdict
    .split('_')
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join(' ');
}

function findingInfo(finding: FindingInFull, writer: Writer) {
  return {
    ...briefInfo(finding, writer),
    ...stated('desc', finding.description),
    attacks: finding.atlas.map((uid) => ({
      technique: { uid, src_url: `https://atlas.mitre.org/techniques/${uid}` },
    })),
  };
}

/** What tells a finding from others, and by which rule and when it was found. */
export function briefInfo(finding: FindingInBrief, writer: Writer) {
  return {
    uid: finding.id,
    title: finding.title,
    analytic: {
      type_id: 1,
      type: 'Rule',
      uid: finding.ruleId,
      name: finding.title,
      version: finding.ruleDigest,
    },
    created_time: Date.parse(finding.foundAt),
    first_seen_time: Date.parse(finding.windowFrom),
    last_seen_time: Date.parse(finding.windowTo),
    related_events_count: finding.recordCount,
    src_url: findingUrl(writer, finding.id),
  };
}
