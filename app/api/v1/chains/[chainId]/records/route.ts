import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { requireLines } from '@/app/_server/require-lines';
import { AppError } from '@/lib/core/errors';
import { appendRecords } from '@/lib/ingest/append-records';
import { readAppendBody } from '@/lib/ingest/append/read-body';
import { chainName } from '@/lib/ingest/chain-name';
import { listRecords } from '@/lib/chains/records';
import { AppendReceipt } from '@/lib/schemas/appends';
import { ChainName, RecordPage, RecordsQuery } from '@/lib/schemas/chains';
import { FormatId } from '@/lib/schemas/common';

export const GET = handler(
  { access: 'read', params: z.object({ chainId: z.uuid() }), query: RecordsQuery, response: RecordPage },
  ({ ctx, params, query }) => listRecords(ctx, { ...params, ...query }),
);

const Preconditions = z.object({
  offset: z.coerce.number().int().min(0).nullable(),
  prev: z.string().max(128).nullable(),
  key: z.string().min(1).max(255).nullable(),
  lag: z.coerce.number().int().min(0).optional(),
});

/** Appends newline-delimited records to the chain of this id or name. 200 once they are durable. */
export const POST = handler(
  {
    access: 'ingest',
    params: z.object({ chainId: ChainName }),
    query: z.object({ format: FormatId.optional() }),
    response: AppendReceipt,
  },
  async ({ ctx, actor, params, query, request }) => {
    const header = (name: string) => request.headers.get(name);
    const { offset, prev, key, lag } = Preconditions.parse({
      offset: header('upload-offset'),
      prev: header('x-chain-prev'),
      key: header('idempotency-key'),
      lag: header('upload-lag') ?? undefined,
    });
    if (offset !== null && prev !== null)
      throw new AppError('BAD_REQUEST', 'send Upload-Offset or X-Chain-Prev, not both');
    const { bytes, sha256 } = await readAppendBody(request.body, header('content-digest'));
    requireLines(request, bytes);
    if (bytes.length === 0) throw new AppError('BAD_REQUEST', 'the body is the records, a line each; it is empty');
    return appendRecords(ctx, {
      chain: await chainName(ctx, params.chainId),
      format: query.format,
      bytes,
      precondition:
        offset !== null ? { kind: 'offset', offset } : prev !== null ? { kind: 'prev', hash: prev } : { kind: 'lines' },
      idempotency: key === null ? null : { key, bodySha256: sha256 },
      actor,
      lagBytes: lag,
    });
  },
);
