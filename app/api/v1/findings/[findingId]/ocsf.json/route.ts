import * as z from 'zod';
import { fileAnswer } from '@/app/_server/file-answer';
import { handler } from '@/app/_server/handler';
import { getFinding } from '@/lib/triage/findings';
import { findingOcsf } from '@/lib/reports/findings-files';

const TYPE = 'application/json';

/** One finding in OCSF. */
export const GET = handler(
  {
    summary: 'One finding as an OCSF Detection Finding.',
    access: 'read',
    downloads: 'ocsf',
    answers: { 200: { is: 'The finding, of class 2004.', types: [TYPE] } },
    params: z.object({ findingId: z.uuid() }),
  },
  async ({ ctx, params }) =>
    fileAnswer(findingOcsf(ctx, await getFinding(ctx, params)), {
      name: `finding-${params.findingId}.ocsf.json`,
      type: TYPE,
    }),
);
