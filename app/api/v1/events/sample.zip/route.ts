import { fileAnswer } from '@/app/_server/file-answer';
import { handler } from '@/app/_server/handler';
import { sampleZip } from '@/lib/package/sample/sample-zip';
import { streamInTurn } from '@/lib/events/turns';
import { SampleFileQuery } from '@/lib/schemas/sample';

/** The same with the lines and their proofs. */
export const GET = handler(
  {
    summary:
      'The same sample as a ZIP: what was drawn of what, each line byte for byte, a proof of each that an attestation covers, and the commands that check it.',
    access: 'read',
    downloads: 'records',
    query: SampleFileQuery,
    answers: { 200: { is: 'The ZIP.', types: ['application/zip'] } },
    errors: ['NOT_FOUND', 'CONFLICT', 'SEARCH_TOO_LARGE', 'BUSY'],
  },
  async ({ ctx, actor, query, request: { signal } }) =>
    fileAnswer(await streamInTurn(ctx, { actor, signal }, () => sampleZip(ctx, { ...query, signal })), {
      name: 'sample.zip',
      type: 'application/zip',
    }),
);
