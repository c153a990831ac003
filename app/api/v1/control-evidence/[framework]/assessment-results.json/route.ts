import { Readable } from 'node:stream';
import { fileAnswer } from '@/app/_server/file-answer';
import { handler } from '@/app/_server/handler';
import { controlEvidenceFile } from '@/lib/reports/controls/evidence-files';
import { ControlEvidenceQuery, FrameworkParams } from '@/lib/schemas/controls';

const TYPE = 'application/oscal+json';

export const GET = handler(
  {
    summary: 'The same as OSCAL 1.2.3 assessment results: observations, and no findings.',
    access: 'read',
    downloads: 'oscal',
    answers: { 200: { is: 'The document.', types: [TYPE] } },
    params: FrameworkParams,
    query: ControlEvidenceQuery,
  },
  async ({ ctx, params: { framework }, query: period }) => {
    const { name, text } = await controlEvidenceFile(ctx, { framework, period, as: 'oscal' });
    return fileAnswer(Readable.from([text], { objectMode: false }), { name, type: TYPE });
  },
);
