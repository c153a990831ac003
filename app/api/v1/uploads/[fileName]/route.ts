import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { actorKey } from '@/lib/access/actor';
import { AppError } from '@/lib/core/errors';
import { ingestAny } from '@/lib/ingest/any-upload';
import { withProgress } from '@/lib/ingest/archive-progress';
import { ingestUpload } from '@/lib/ingest/upload';
import { ChainName } from '@/lib/schemas/chains';
import { FormatId } from '@/lib/schemas/common';
import { ArchiveReceipt, ProgressId, UploadReceipt } from '@/lib/schemas/uploads';

const Params = z.object({ fileName: ChainName });
const Query = z.object({ chain: ChainName.optional(), format: FormatId.optional(), progress: ProgressId.optional() });

/** Stores the raw body as immutable evidence and queues its verification. 201 once every byte is durable. */
export const PUT = handler(
  {
    summary: 'Stores a log as evidence and queues its verification. Answers once every byte is durable.',
    access: 'ingest',
    sends: { types: ['application/octet-stream'], is: 'The log: plain, gzip or zstd.' },
    errors: ['CONFLICT', 'EVIDENCE_DELETED', 'UNKNOWN_FORMAT', 'BUSY'],
    params: Params,
    query: Query,
    response: UploadReceipt,
    status: 201,
  },
  ({ ctx, actor, params, query, request }) => {
    if (!request.body) throw new AppError('BAD_REQUEST', 'the body is the file; it is missing');
    return ingestUpload(ctx, {
      fileName: params.fileName,
      chain: query.chain ?? params.fileName,
      format: query.format,
      body: request.body,
      signal: request.signal,
      actor,
    });
  },
);

/** The same for a log or an archive of logs, each to a chain of its own. `progress` is what the sender will ask by how far it is. 201 with what became of every file in it. */
export const POST = handler(
  {
    summary:
      'Stores a log, or every log of an archive, each to a chain of its own, and says what became of every file in it.',
    access: 'ingest',
    sends: {
      types: ['application/octet-stream'],
      is: 'A log, or a .zip, .tar, .tar.gz or .tar.zst of logs, recognised by its bytes.',
    },
    errors: ['CONFLICT', 'EVIDENCE_DELETED', 'UNKNOWN_FORMAT', 'BUSY'],
    params: Params,
    query: Query,
    response: ArchiveReceipt,
    status: 201,
  },
  ({ ctx, actor, params, query, request }) => {
    if (!request.body) throw new AppError('BAD_REQUEST', 'the body is the file; it is missing');
    const { body, signal } = request;
    return withProgress(query.progress ?? null, actorKey(actor), (onProgress) =>
      ingestAny(ctx, {
        fileName: params.fileName,
        chain: query.chain ?? null,
        format: query.format,
        body,
        signal,
        actor,
        onProgress,
      }),
    );
  },
);
