import { handler } from '@/app/_server/handler';
import { listAttestations } from '@/lib/attest/attestations';
import { AttestationPage } from '@/lib/schemas/attestations';
import { PageQuery } from '@/lib/schemas/common';

export const GET = handler({ access: 'read', query: PageQuery, response: AttestationPage }, ({ ctx, query }) => listAttestations(ctx, query));
