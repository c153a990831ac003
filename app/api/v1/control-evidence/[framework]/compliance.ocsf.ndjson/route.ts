import { Readable } from 'node:stream';
import { fileAnswer } from '@/app/_server/file-answer';
import { handler } from '@/app/_server/handler';
import { controlEvidenceFile } from '@/lib/reports/controls/evidence-files';
import { ControlEvidenceQuery, FrameworkParams } from '@/lib/schemas/controls';

const TYPE = 'application/x-ndjson';

export const GET = handler(
  {
    summary: 'The same as OCSF Compliance Findings, one a control and a line, which determine nothing.',
    access: 'read',
    downloads: 'ocsf',
    answers: { 200: { is: 'The findings, of class 2003.', types: [TYPE] } },
    params: FrameworkParams,
    query: ControlEvidenceQuery,
  },
  async ({ ctx, params: { framework }, query: period }) => {
    const { name, text } = await controlEvidenceFile(ctx, { framework, period, as: 'ocsf' });
    return fileAnswer(Readable.from([text], { objectMode: false }), { name, type: TYPE });
  },
);
