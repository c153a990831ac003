import { z } from 'zod';
import { handler } from '@/app/_server/handler';
import { AppError } from '@/lib/core/errors';
import { ingestUpload } from '@/lib/ingest/upload';
import { ChainName } from '@/lib/schemas/chains';
import { FormatId } from '@/lib/schemas/common';
import { UploadReceipt } from '@/lib/schemas/uploads';

/** Stores the raw body as immutable evidence and queues its verification. 201 once every byte is durable. */
export const PUT = handler(
  {
    access: 'ingest',
    params: z.object({ fileName: ChainName }),
    query: z.object({ chain: ChainName.optional(), format: FormatId.optional() }),
    response: UploadReceipt,
    status: 201,
  },
  ({ ctx, caller, params, query, request }) => {
    if (!request.body) throw new AppError('BAD_REQUEST', 'the body is the file; it is missing');
    return ingestUpload(ctx, { fileName: params.fileName, chain: query.chain ?? params.fileName, format: query.format, body: request.body, receivedBy: caller.name });
  },
);
