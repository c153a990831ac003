import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { proveHeads } from '@/lib/attest/tree/prove-heads';
import { AppError } from '@/lib/core/errors';
import { ConsistencyProof } from '@/lib/schemas/proofs';

const Size = z.coerce.number().int().min(0);
const Params = z.object({ chainId: z.uuid() });
const Query = z.object({ from: Size, to: Size, format: z.enum(['json', 'text']).default('json') });

/** Proves the head over the first `from` records the beginning of that over `to`; as text it is what a witness is sent, c2sp.org/tlog-witness. */
export const GET = handler(
  {
    summary: 'Proves the head over the first `from` records to be the beginning of that over `to`.',
    access: 'read',
    downloads: 'proof',
    answers: { 200: { is: 'The proof; as text it is what a witness is sent.', types: ['text/plain'] } },
    errors: ['CONFLICT'],
    params: Params,
    query: Query,
    response: ConsistencyProof,
  },
  async ({ ctx, params, query }) => {
    const proof = await proveHeads(ctx, { ...params, from: query.from, to: query.to });
    if (query.format === 'json') return proof;
    if (proof.checkpoint === null)
      throw new AppError('CONFLICT', 'no head of this size was signed; the text ends in a signed one', {
        to: query.to,
      });
    const text = `old ${query.from}\n${proof.hashes.map((hash) => `${hash}\n`).join('')}\n${proof.checkpoint}`;
    return new Response(text, {
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
    });
  },
);
