import * as z from 'zod';
import { begun } from '@/app/_server/begun';
import { handler } from '@/app/_server/handler';
import { AppError } from '@/lib/core/errors';
import { addSidecar, setSidecarCounts } from '@/lib/ingest/sidecars';
import { openSidecar } from '@/lib/chains/sidecars';
import { ChainName } from '@/lib/schemas/chains';
import { SidecarPatch, SidecarReceipt } from '@/lib/schemas/sidecars';

const Chain = z.object({ chainId: z.uuid() });

/** Stores the raw body as evidence beside the chain under this file name and has the chain verified with it. 201 once it is durable. */
export const POST = handler(
  {
    summary: 'Stores a sidecar file under this name and has the chain verified with it.',
    access: 'ingest',
    sends: { types: ['application/octet-stream'], is: 'The file.' },
    errors: ['NOT_FOUND', 'CONFLICT'],
    params: Chain.extend({ name: ChainName }),
    response: SidecarReceipt,
    status: 201,
  },
  ({ ctx, actor, params, request }) => {
    if (!request.body) throw new AppError('BAD_REQUEST', 'the body is the file; it is missing');
    return addSidecar(ctx, { chainId: params.chainId, fileName: params.name, body: request.body, actor });
  },
);

/** The file of this id, byte for byte as it was received. */
export const GET = handler(
  {
    summary: 'The sidecar file of this id, byte for byte.',
    access: 'read',
    downloads: 'sidecar',
    answers: { 200: { is: 'The file.', types: ['application/octet-stream'] } },
    params: Chain.extend({ name: z.uuid() }),
  },
  async ({ ctx, params }) => {
    const { fileName, sizeBytes, stream } = await openSidecar(ctx, { chainId: params.chainId, sidecarId: params.name });
    return new Response(await begun(stream), {
      headers: {
        'Content-Type': 'application/octet-stream',
        'Content-Length': String(sizeBytes),
        'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
        'X-Content-Type-Options': 'nosniff',
      },
    });
  },
);

/** Has the file of this id count no longer, or again; the chain is verified again. */
export const PATCH = handler(
  {
    summary: 'Excludes a sidecar file from the verdict, or includes it again; the chain is verified again.',
    access: 'analyst',
    params: Chain.extend({ name: z.uuid() }),
    body: SidecarPatch,
  },
  ({ ctx, actor, params, body }) =>
    setSidecarCounts(ctx, { chainId: params.chainId, sidecarId: params.name, counts: body.counts, actor }),
);
