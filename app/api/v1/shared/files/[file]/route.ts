import path from 'node:path';
import * as z from 'zod';
import { CSV_TYPE } from '@/app/_server/csv';
import { fileAnswer } from '@/app/_server/file-answer';
import { SARIF_TYPE } from '@/app/_server/findings-file';
import { linkedOf } from '@/app/_server/auth';
import { handler } from '@/app/_server/handler';
import { openSharedFile } from '@/lib/package/share-links/open';

/** By the ending of a file's name. */
const TYPES: Record<string, string> = {
  '.csv': CSV_TYPE,
  '.json': 'application/json',
  '.jsonl': 'application/x-ndjson',
  '.ndjson': 'application/x-ndjson',
  '.pdf': 'application/pdf',
  '.sarif': SARIF_TYPE,
  '.zip': 'application/zip',
};

/** The link is the credential, for this alone. */
export const GET = handler(
  {
    summary:
      'A file of what a read-only link opens: of a kept report by its name, of an evidence package `package.zip`.',
    access: 'public',
    isOfInstallation: true,
    errors: ['NOT_FOUND', 'EVIDENCE_ALTERED'],
    params: z.object({ file: z.string().max(200) }),
    query: z.object({ token: z.string().max(200) }),
    answers: {
      200: {
        is: 'The file.',
        types: [
          'application/json',
          'application/pdf',
          SARIF_TYPE,
          'application/x-ndjson',
          'application/zip',
          'text/csv',
        ],
      },
    },
  },
  async ({ ctx, params, query, request }) => {
    const address = request.headers.get('x-sealtrail-peer') ?? '';
    const { name, stream } = await openSharedFile(await linkedOf(ctx, query.token), { ...params, ...query, address });
    return fileAnswer(stream, {
      name,
      type: TYPES[path.extname(name)] ?? 'application/octet-stream',
      headers: { 'Referrer-Policy': 'no-referrer' },
    });
  },
);
