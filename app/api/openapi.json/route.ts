import { cachedText } from '@/app/_server/cached-text';
import { handler } from '@/app/_server/handler';
import { apiDocument } from '@/lib/config/api-document';

/** This API as an OpenAPI 3.1 document, for anybody. */
export const GET = handler(
  {
    summary: 'This document: the whole API as OpenAPI 3.1.',
    access: 'public',
    answers: {
      200: { is: 'The document.', types: ['application/json'], headers: { ETag: 'For `If-None-Match`' } },
      304: { is: 'It is the one that `If-None-Match` names.' },
    },
  },
  async ({ ctx, request }) =>
    cachedText(request, JSON.stringify(await apiDocument(ctx.env.publicUrl)), 'application/json'),
);
