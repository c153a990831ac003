import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { publishedTile } from '@/lib/attest/log/serve';
import { AppError } from '@/lib/core/errors';
import { parseTilePath } from '@/lib/core/merkle/tiles';

const Params = z.object({ path: z.array(z.string()).max(12) });
const YEAR_SECONDS = 365 * 24 * 3600;

/** Hashes of the log's tree, or its entries, as tiles that never change. 404 for what the published head does not cover. */
export const GET = handler(
  {
    summary: 'A tile of the transparency log: hashes of its tree, or its entries. The path holds slashes.',
    access: 'public',
    answers: { 200: { is: 'The tile.', types: ['application/octet-stream'] } },
    params: Params,
  },
  async ({ ctx, params }) => {
    const tile = parseTilePath(params.path);
    const bytes = tile && (await publishedTile(ctx, tile));
    if (!bytes) throw new AppError('NOT_FOUND', 'the published log has no such tile');
    return new Response(new Uint8Array(bytes), {
      headers: {
        'Content-Type': 'application/octet-stream',
        'Cache-Control': `public, max-age=${YEAR_SECONDS}, immutable`,
        'Access-Control-Allow-Origin': '*',
      },
    });
  },
);
