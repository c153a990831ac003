import { handler } from '@/app/_server/handler';
import { createShareLink } from '@/lib/package/share-links/create';
import { listShareLinks } from '@/lib/package/share-links/list';
import { CreatedShareLink, NewShareLink, ShareLinkList, SharedQuery } from '@/lib/schemas/share-links';

export const GET = handler(
  {
    summary: 'Read-only links to one kept report or evidence package, the newest first; at most 500.',
    access: 'analyst',
    query: SharedQuery,
    response: ShareLinkList,
  },
  ({ ctx, query }) => listShareLinks(ctx, query),
);

/** 201 with the link, which is not shown again. */
export const POST = handler(
  {
    summary:
      'Makes a link by which somebody without an account reads one kept report or evidence package. It is shown this once.',
    access: 'analyst',
    errors: ['CONFLICT', 'NOT_FOUND'],
    body: NewShareLink,
    response: CreatedShareLink,
    status: 201,
  },
  ({ ctx, actor, body }) => createShareLink(ctx, { ...body, actor }),
);
