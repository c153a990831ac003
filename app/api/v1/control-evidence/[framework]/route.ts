import { handler } from '@/app/_server/handler';
import { getControlEvidence } from '@/lib/reports/controls/control-evidence';
import { ControlEvidence, ControlEvidenceQuery, FrameworkParams } from '@/lib/schemas/controls';

export const GET = handler(
  {
    summary: 'What of the records of a period answers each control of a framework: evidence, not a determination.',
    access: 'read',
    downloads: 'report',
    params: FrameworkParams,
    query: ControlEvidenceQuery,
    response: ControlEvidence,
  },
  ({ ctx, params: { framework }, query: period }) => getControlEvidence(ctx, { framework, period }),
);
