import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { AppError } from '@/lib/core/errors';
import { POLICIES } from '@/lib/core/statements/policies/audit-chain';
import { Sha256 } from '@/lib/schemas/common';

/** The policy statements were made under, for anybody: the SHA-256 of this text is its name. */
export const GET = handler(
  {
    summary: 'The policy of this SHA-256 that summaries and test results name.',
    access: 'public',
    answers: { 200: { is: 'The policy.', types: ['text/plain'] } },
    params: z.object({ digest: Sha256 }),
  },
  async ({ params }) => {
    const policy = POLICIES.find(({ sha256 }) => sha256 === params.digest);
    if (!policy) throw new AppError('NOT_FOUND', 'no statement was made under a policy of this digest here');
    return new Response(policy.text, {
      headers: {
        'Content-Type': 'text/plain; charset=utf-8',
        'Cache-Control': 'public, immutable, max-age=31536000',
        'Access-Control-Allow-Origin': '*',
      },
    });
  },
);
