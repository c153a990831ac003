import { CSV_ANSWERS, csvAnswer } from '@/app/_server/csv';
import { handler } from '@/app/_server/handler';
import { listAttestations } from '@/lib/attest/attestations';
import { attestationsCsv } from '@/lib/reports/list-csv';
import { AttestationsCsvQuery } from '@/lib/schemas/list-csv';

/** Every attestation, or every one of a chain, as a CSV. */
export const GET = handler(
  {
    summary: 'Every attestation, or every one of a chain, as CSV.',
    access: 'read',
    downloads: 'csv',
    answers: CSV_ANSWERS,
    query: AttestationsCsvQuery,
  },
  async ({ ctx, query: { bom, ...query } }) =>
    csvAnswer(await attestationsCsv((page) => listAttestations(ctx, { ...query, ...page }), { bom })),
);
