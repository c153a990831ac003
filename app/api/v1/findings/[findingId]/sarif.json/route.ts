import * as z from 'zod';
import { fileAnswer } from '@/app/_server/file-answer';
import { SARIF_TYPE } from '@/app/_server/findings-file';
import { handler } from '@/app/_server/handler';
import { getFinding } from '@/lib/triage/findings';
import { findingSarif } from '@/lib/reports/findings-files';

/** One finding as SARIF. */
export const GET = handler(
  {
    summary: 'One finding as a SARIF 2.1.0 log.',
    access: 'read',
    downloads: 'sarif',
    answers: { 200: { is: 'A log of one result.', types: [SARIF_TYPE] } },
    params: z.object({ findingId: z.uuid() }),
  },
  async ({ ctx, params }) =>
    fileAnswer(findingSarif(ctx, await getFinding(ctx, params)), {
      name: `finding-${params.findingId}.sarif`,
      type: SARIF_TYPE,
    }),
);
