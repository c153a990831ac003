import * as z from 'zod';
import { fileAnswer } from '@/app/_server/file-answer';
import { RUN_FILE_TYPES, fileType } from '@/app/_server/file-type';
import { linkedOf } from '@/app/_server/auth';
import { handler } from '@/app/_server/handler';
import { openSharedFile } from '@/lib/package/share-links/open';

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
        types: [...RUN_FILE_TYPES, 'application/zip'],
      },
    },
  },
  async ({ ctx, params, query, request }) => {
    const address = request.headers.get('x-sealtrail-peer') ?? '';
    const { name, stream } = await openSharedFile(await linkedOf(ctx, query.token), { ...params, ...query, address });
    return fileAnswer(stream, {
      name,
      type: fileType(name),
      headers: { 'Referrer-Policy': 'no-referrer' },
    });
  },
);
