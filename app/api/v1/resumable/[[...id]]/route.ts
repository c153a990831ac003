import * as z from 'zod';
import { type Described, declare } from '@/app/_server/declaration';
import { handler } from '@/app/_server/handler';
import { actorKey } from '@/lib/access/actor';
import { AppError } from '@/lib/core/errors';
import { resumable } from '@/lib/ingest/resumable/server';
import { ArchiveReceipt } from '@/lib/schemas/uploads';

const Id = z.object({ id: z.string() });
const FAILURE = {
  types: ['application/problem+json', 'text/plain'],
  is: 'A problem, or a line of text as tus answers.',
};
const OFFSET = { 'Upload-Offset': 'Bytes that are durable', 'Tus-Resumable': '`1.0.0`' };

const tus = (path: string, described: Described & { params?: z.ZodType }) => {
  const answer = handler({ access: 'ingest', summary: described.summary }, async ({ ctx, actor, request }) =>
    (await resumable(ctx)).answer(request, actor),
  );
  return declare(answer, [{ access: 'ingest', failureAs: FAILURE, path, ...described }]);
};

/** Resumable uploads, tus 1.0.0. */
export const POST = tus('/api/v1/resumable', {
  summary:
    'Begins a resumable upload, tus 1.0.0: `Upload-Length` and `Upload-Metadata` say how long it is and what it is called.',
  sends: { types: ['application/offset+octet-stream'], is: 'The first part, or nothing.', isOptional: true },
  answers: { 201: { is: 'It is begun.', headers: { Location: 'The address of the upload', ...OFFSET } } },
  errors: ['BAD_REQUEST', 'CONFLICT', 'UNKNOWN_FORMAT', 'TOO_LARGE', 'STORAGE_FULL', 'BUSY'],
});
export const HEAD = tus('/api/v1/resumable/{id}', {
  summary: 'How far a resumable upload has come.',
  params: Id,
  answers: { 200: { is: 'As `Upload-Offset` says.', headers: OFFSET } },
});
export const PATCH = tus('/api/v1/resumable/{id}', {
  summary:
    'Sends the next part of a resumable upload from `Upload-Offset` on. The last part is answered when all of it is evidence.',
  params: Id,
  sends: { types: ['application/offset+octet-stream'], is: 'The bytes from `Upload-Offset` on.' },
  answers: { 204: { is: 'The part is durable.', headers: OFFSET } },
  errors: ['NOT_FOUND', 'CONFLICT', 'UNKNOWN_FORMAT'],
});
export const DELETE = tus('/api/v1/resumable/{id}', {
  summary: 'Gives a resumable upload up.',
  params: Id,
  answers: { 204: { is: 'It is removed.' } },
});

/** What became of an upload that is whole: the receipt its last part was answered with, or would have been. */
const receipt = handler(
  {
    summary: 'What became of a resumable upload that is whole: its receipt.',
    access: 'ingest',
    params: z.object({ id: z.tuple([z.string()]) }),
    response: ArchiveReceipt,
  },
  async ({ ctx, actor, params }) => {
    const { incoming } = await resumable(ctx);
    const [id] = params.id;
    const owner = await incoming.ownerOf(id);
    if (owner !== null && owner !== actorKey(actor)) throw new AppError('NOT_FOUND', 'there is no such upload', { id });
    return incoming.finish(id);
  },
);

export const GET = declare(receipt, [
  {
    summary: 'What became of a resumable upload that is whole: its receipt.',
    access: 'ingest',
    path: '/api/v1/resumable/{id}',
    params: Id,
    response: ArchiveReceipt,
    errors: ['CONFLICT', 'UNKNOWN_FORMAT'],
  },
]);

/** What of tus is spoken here; tells nothing else, so anyone may ask. */
const options = handler({ summary: 'What of tus is spoken here.', access: 'public' }, async ({ ctx, actor, request }) =>
  (await resumable(ctx)).answer(request, actor),
);
export const OPTIONS = declare(options, [
  {
    summary: 'What of tus is spoken here.',
    access: 'public',
    path: '/api/v1/resumable',
    answers: {
      204: { is: 'As its headers say.', headers: { 'Tus-Version': '`1.0.0`', 'Tus-Extension': 'Extensions' } },
    },
  },
]);
