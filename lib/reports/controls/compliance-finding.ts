import type { Writer } from '../../core/findings/finding';
import { OCSF_FINDING_VERSION, classed } from '../../core/ocsf/detection-finding';
import type { ControlEvidence, ControlFigure } from '../../schemas/controls';

const CLASS = { uid: 2003, name: 'Compliance Finding' } as const;
/** OCSF has pass, warning and fail; none of them is ours to say. */
const NOT_DETERMINED = { status_id: 99, status: 'Not determined' } as const;

/**
 * What answers each control of a framework, as Compliance Findings of the Open Cybersecurity Schema Framework (class 2003), one a control in their order. None
 * says that a control is met; `evidences` has the figures, each with where its rows are, and what OCSF has no attribute for stands in `unmapped`.
 */
export function toComplianceFindings(evidence: ControlEvidence, writer: Writer) {
  const { framework, period, generatedAt, statement } = evidence;
  const figures = new Map(evidence.figures.map((figure) => [figure.id, figure]));
  const page = `${writer.url}/reports/controls/${framework.id}?${new URLSearchParams(period).toString()}`;
  return evidence.controls.map((control) => {
    const of = control.figures.flatMap((id) => figures.get(id) ?? []);
    const uid = `${framework.id}/${control.id}/${period.from}/${period.to}`;
    return {
      ...classed(CLASS, 1),
      severity_id: 1,
      severity: 'Informational',
      time: Date.parse(generatedAt),
      start_time: Date.parse(period.from),
      end_time: Date.parse(period.to),
      message: `${control.id} ${control.title}: ${statement}`,
      metadata: {
        version: OCSF_FINDING_VERSION,
        product: { name: 'Sealtrail', vendor_name: 'Sealtrail', version: writer.version },
        uid,
      },
      finding_info: {
        uid,
        title: `${control.id} ${control.title}`,
        desc: control.answers,
        created_time: Date.parse(generatedAt),
        src_url: page,
      },
      compliance: {
        standards: [framework.reference],
        control: control.id,
        requirements: [control.asks],
        desc: control.title,
        ...NOT_DETERMINED,
        status_details: [statement, `Not covered: ${control.notCovered}`, `Shown by: ${control.shownBy}`],
        ...(of.length > 0 && {
          checks: of.map(({ id, label, counts }) => ({ uid: id, name: label, desc: counts, ...NOT_DETERMINED })),
        }),
      },
      ...(of.length > 0 && {
        evidences: of.map((figure) => ({ uid: figure.id, name: figure.label, data: valuesOf(figure, writer) })),
      }),
      resources: [{ uid: writer.url, name: 'Sealtrail', type: 'installation', version: writer.version }],
      unmapped: {
        framework: framework.id,
        standing: framework.standing,
        known_as_of: framework.asOf,
        strength: control.strength,
      },
    };
  });
}

function valuesOf({ strength, of, unit, value, total, href, parts }: ControlFigure, { url }: Writer) {
  const rowsAt = (of: string) => new URL(`${url}${of}`).href;
  return {
    strength,
    of,
    unit,
    value,
    total,
    rows_at: rowsAt(href),
    parts: parts.map((part) => ({
      label: part.label,
      unit: part.unit,
      value: part.value,
      rows_at: rowsAt(part.href),
    })),
  };
}
