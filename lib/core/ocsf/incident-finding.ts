import type { CaseInFull, Writer } from '../findings/finding';
import { type Activity, OCSF_FINDING_VERSION, SEVERITIES, briefInfo, classed } from './detection-finding';

const CLASS = { uid: 2005, name: 'Incident Finding' } as const;
const STATUSES = { 1: 'New', 2: 'In Progress', 3: 'On Hold', 4: 'Resolved', 5: 'Closed' } as const;
const STATES: Readonly<
  Record<CaseInFull['status'], { readonly activity: Activity; readonly status: keyof typeof STATUSES }>
> = {
  new: { activity: 1, status: 1 },
  in_progress: { activity: 2, status: 2 },
  on_hold: { activity: 2, status: 3 },
  resolved: { activity: 3, status: 4 },
  closed: { activity: 3, status: 5 },
};

/**
 * A case as an Incident Finding of the Open Cybersecurity Schema Framework, with its findings by the `uid` that `toDetectionFinding` gives them. OCSF wants
 * somebody who has it: a case nobody has is of the group `Unassigned`.
 */
export function toIncidentFinding(one: CaseInFull, writer: Writer) {
  const [severityId, severity] = one.level ? SEVERITIES[one.level] : [0, 'Unknown'];
  const { activity, status } = STATES[one.status];
  const note = one.history.findLast((act) => act.note)?.note;
  return {
    ...classed(CLASS, activity),
    severity_id: severityId,
    severity,
    status_id: status,
    status: STATUSES[status],
    time: Date.parse(one.updatedAt),
    ...(one.from && one.to ? { start_time: Date.parse(one.from), end_time: Date.parse(one.to) } : {}),
    message: one.title,
    ...(note ? { comment: note } : {}),
    metadata: {
      version: OCSF_FINDING_VERSION,
      product: { name: 'Sealtrail', vendor_name: 'Sealtrail', version: writer.version },
      uid: one.id,
    },
    ...(one.owner
      ? { assignee: { uid: one.owner.id, name: one.owner.name } }
      : { assignee_group: { name: 'Unassigned' } }),
    finding_info_list: one.timeline.map((finding) => briefInfo(finding, writer)),
    src_url: `${writer.url}/cases/${one.id}`,
    unmapped: { created_by: one.createdBy, created_at: one.createdAt, history: one.history },
  };
}
