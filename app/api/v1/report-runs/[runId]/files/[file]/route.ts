import * as z from 'zod';
import { fileAnswer } from '@/app/_server/file-answer';
import { RUN_FILE_TYPES, fileType } from '@/app/_server/file-type';
import { handler } from '@/app/_server/handler';
import { openRunFile } from '@/lib/package/report-runs/open-file';

export const GET = handler(
  {
    summary:
      'A file of a report that is kept, byte for byte: `report.json`, `report.pdf`, a table as `<kind>.csv`, `run.json` with what it rests on, or `run.sigstore.json`, the signature over all of them.',
    access: 'read',
    downloads: 'report',
    answers: {
      200: {
        is: 'The file.',
        types: RUN_FILE_TYPES,
      },
    },
    errors: ['CONFLICT', 'NOT_FOUND', 'EVIDENCE_ALTERED'],
    params: z.object({ runId: z.uuid(), file: z.string().regex(/^[\w-]+(\.[\w-]+)+$/, 'must be the name of a file') }),
  },
  async ({ ctx, params }) =>
    fileAnswer(await openRunFile(ctx, params), {
      name: params.file,
      type: fileType(params.file),
    }),
);
