import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { EvidencePage, EvidenceQuery } from '@/lib/schemas/findings';
import { findingEvidence } from '@/lib/triage/evidence';

export const GET = handler(
  {
    summary: 'The records that prove a finding, each with what it says and whether it holds.',
    access: 'read',
    downloads: 'records',
    params: z.object({ findingId: z.uuid() }),
    query: EvidenceQuery,
    response: EvidencePage,
  },
  ({ ctx, params, query }) => findingEvidence(ctx, { ...params, ...query }),
);
