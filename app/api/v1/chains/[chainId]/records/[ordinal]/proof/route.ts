import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { proveRecord } from '@/lib/attest/tree/prove-record';
import { RECORD_PROOF_MEDIA_TYPE, formatRecordProof } from '@/lib/core/merkle/record-proof';
import { formatTlogProof } from '@/lib/core/merkle/tlog-proof';

const Params = z.object({ chainId: z.uuid(), ordinal: z.coerce.number().int().min(0) });
const Query = z.object({ format: z.enum(['json', 'tlog-proof']).default('json') });

/** A file that proves one record to have been in the chain when it was attested. 409 while no attestation covers it. */
export const GET = handler(
  {
    summary: 'A file that proves the record to have been in the chain when it was attested.',
    access: 'read',
    downloads: 'proof',
    answers: {
      200: { is: 'The proof: JSON, or as `tlog-proof` text.', types: [RECORD_PROOF_MEDIA_TYPE, 'text/plain'] },
    },
    errors: ['CONFLICT'],
    params: Params,
    query: Query,
  },
  async ({ ctx, params, query }) => {
    const { chain, proof } = await proveRecord(ctx, params);
    const name = `${chain.replaceAll(/[^\w.-]+/g, '_')}-record-${params.ordinal}`;
    if (query.format === 'json') return file(formatRecordProof(proof), RECORD_PROOF_MEDIA_TYPE, `${name}.proof.json`);
    return file(
      formatTlogProof({
        extra: proof.record.line,
        index: params.ordinal,
        hashes: proof.hashes,
        checkpoint: proof.checkpoint,
      }),
      'text/plain; charset=utf-8',
      `${name}.tlog-proof`,
    );
  },
);

function file(text: string, type: string, name: string): Response {
  return new Response(text, {
    headers: {
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  });
}
