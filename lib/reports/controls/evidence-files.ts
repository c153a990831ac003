import 'server-only';
import { VERSION } from '../../config/version';
import type { Context } from '../../context';
import type { Writer } from '../../core/findings/finding';
import type { Period } from '../../schemas/common';
import type { ControlEvidence, FrameworkId } from '../../schemas/controls';
import { toAssessmentResults } from './assessment-results';
import { toComplianceFindings } from './compliance-finding';
import { getControlEvidence } from './control-evidence';

type As = 'oscal' | 'ocsf';
type Asked = { framework: FrameworkId; period: Period; as: As };

/** What answers the controls of a framework in a period, in a form that other tools read. @throws AppError NOT_FOUND. */
export async function controlEvidenceFile(ctx: Context, { framework, period, as }: Asked) {
  const days = `${framework}_${period.from.slice(0, 10)}_${period.to.slice(0, 10)}`;
  const name = as === 'oscal' ? `assessment-results-${days}.json` : `compliance-${days}.ocsf.ndjson`;
  const writer = { version: VERSION, url: ctx.env.workspaceUrl };
  return { name, text: writtenAs(as, await getControlEvidence(ctx, { framework, period }), writer) };
}

/** The document that a kept report has beside its table. `writer` is who made it, and where its rows are. */
export function writtenAs(as: As, evidence: ControlEvidence, writer: Writer): string {
  return as === 'oscal'
    ? `${JSON.stringify(toAssessmentResults(evidence, writer), null, 2)}\n`
    : toComplianceFindings(evidence, writer)
        .map((finding) => `${JSON.stringify(finding)}\n`)
        .join('');
}

/** Of a kept report, by the name of the file. */
export const KEPT_AS = {
  'assessment-results.json': 'oscal',
  'compliance.ocsf.ndjson': 'ocsf',
} as const satisfies Record<string, As>;
