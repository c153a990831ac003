import path from 'node:path';
import * as z from 'zod';
import { CSV_TYPE } from '@/app/_server/csv';
import { fileAnswer } from '@/app/_server/file-answer';
import { SARIF_TYPE } from '@/app/_server/findings-file';
import { handler } from '@/app/_server/handler';
import { openRunFile } from '@/lib/package/report-runs/open-file';

/** By the ending of a file's name. */
const TYPES: Record<string, string> = {
  '.csv': CSV_TYPE,
  '.json': 'application/json',
  '.jsonl': 'application/x-ndjson',
  '.ndjson': 'application/x-ndjson',
  '.pdf': 'application/pdf',
  '.sarif': SARIF_TYPE,
};

export const GET = handler(
  {
    summary:
      'A file of a report that is kept, byte for byte: `report.json`, `report.pdf`, a table as `<kind>.csv`, `run.json` with what it rests on, or `run.sigstore.json`, the signature over all of them.',
    access: 'read',
    downloads: 'report',
    answers: {
      200: {
        is: 'The file.',
        types: ['application/json', 'application/pdf', SARIF_TYPE, 'application/x-ndjson', 'text/csv'],
      },
    },
    errors: ['CONFLICT', 'NOT_FOUND', 'EVIDENCE_ALTERED'],
    params: z.object({ runId: z.uuid(), file: z.string().regex(/^[\w-]+(\.[\w-]+)+$/, 'must be the name of a file') }),
  },
  async ({ ctx, params }) =>
    fileAnswer(await openRunFile(ctx, params), {
      name: params.file,
      type: TYPES[path.extname(params.file)] ?? 'application/octet-stream',
    }),
);
