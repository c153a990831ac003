import { admitAgain } from '@/app/_server/auth';
import { handler } from '@/app/_server/handler';
import { requestPackage, listPackages } from '@/lib/package/packages';
import { EvidencePackage, EvidencePackagePage, NewPackage, PackagesQuery } from '@/lib/schemas/packages';

export const GET = handler(
  {
    summary: 'Evidence packages, newest first, or in the order that is asked for.',
    access: 'read',
    query: PackagesQuery,
    response: EvidencePackagePage,
  },
  ({ ctx, query }) => listPackages(ctx, query),
);

/** Has an evidence package made, of an attestation, a chain or a period. 202: it is there when its state is `done`; 429 when too many wait. */
export const POST = handler(
  {
    summary:
      'Has an evidence package made, of an attestation, a chain or a period. It is there when its state is `done`; one of the same that waits already is answered.',
    access: 'package',
    errors: ['CONFLICT', 'NOT_FOUND', 'EVIDENCE_DELETED', 'BUSY'],
    body: NewPackage,
    response: EvidencePackage,
    status: 202,
  },
  async ({ ctx, actor, body, request }) => {
    // A period is attested for its package, and that takes the scope it takes everywhere else.
    if (body.of.kind === 'period') await admitAgain(ctx, request, 'ingest');
    return requestPackage(ctx, { ...body, actor });
  },
);
