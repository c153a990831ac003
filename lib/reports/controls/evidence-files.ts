import 'server-only';
import { VERSION } from '../../config/version';
import type { Context } from '../../context';
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
  return { name, text: written(ctx, await getControlEvidence(ctx, { framework, period }), as) };
}

function written({ env }: Context, evidence: ControlEvidence, as: As): string {
  const writer = { version: VERSION, url: env.publicUrl };
  return as === 'oscal'
    ? `${JSON.stringify(toAssessmentResults(evidence, writer), null, 2)}\n`
    : toComplianceFindings(evidence, writer)
        .map((finding) => `${JSON.stringify(finding)}\n`)
        .join('');
}
