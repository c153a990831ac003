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
  {
    summary: 'Records of a chain from an ordinal on.',
    access: 'read',
    downloads: 'records',
    params: z.object({ chainId: z.uuid() }),
    query: RecordsQuery,
    response: RecordPage,
  },
  ({ ctx, params, query }) => listRecords(ctx, { ...params, ...query }),
);

/** What an append asks for, `docs/api.md`. */
const AppendHeaders = z.object({
  'upload-offset': z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('The chain is exactly this many bytes long; else 409 with its `offset` and `head`.'),
  'x-chain-prev': z.string().max(128).optional().describe('The chain ends in the record of this hash; else 409.'),
  'idempotency-key': z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('Sent again within a day with the same body, the same answer is given.'),
  'content-digest': z.string().optional().describe('RFC 9530, over the bytes as sent; else 400 and nothing is kept.'),
  'upload-lag': z.coerce.number().int().min(0).optional().describe('Bytes the sender has still to send.'),
});

/** Appends newline-delimited records to the chain of this id or name. 200 once they are durable. */
export const POST = handler(
  {
    summary: 'Appends records to the chain of this id or name, a line each. Answers once they are durable.',
    access: 'ingest',
    params: z.object({ chainId: ChainName }),
    query: z.object({ format: FormatId.optional() }),
    headers: AppendHeaders,
    sends: {
      types: ['application/x-ndjson', 'application/octet-stream'],
      is: 'The records, a line each: plain, gzip or zstd, recognised by the first bytes, at most 64 MiB plain.',
    },
    response: AppendReceipt,
    errors: ['CONFLICT', 'DIGEST_MISMATCH', 'KEY_REUSED', 'UNKNOWN_FORMAT', 'BUSY'],
  },
  async ({ ctx, actor, params, query, headers, request }) => {
    const { 'upload-offset': offset, 'x-chain-prev': prev, 'idempotency-key': key } = headers;
    if (offset !== undefined && prev !== undefined)
      throw new AppError('BAD_REQUEST', 'send Upload-Offset or X-Chain-Prev, not both');
    const { bytes, sha256 } = await readAppendBody(request.body, headers['content-digest'] ?? null);
    requireLines(request, bytes);
    if (bytes.length === 0) throw new AppError('BAD_REQUEST', 'the body is the records, a line each; it is empty');
    return appendRecords(ctx, {
      chain: await chainName(ctx, params.chainId),
      format: query.format,
      bytes,
      precondition:
        offset !== undefined
          ? { kind: 'offset', offset }
          : prev !== undefined
            ? { kind: 'prev', hash: prev }
            : { kind: 'lines' },
      idempotency: key === undefined ? null : { key, bodySha256: sha256 },
      actor,
      lagBytes: headers['upload-lag'],
    });
  },
);
