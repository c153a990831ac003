import * as z from 'zod';
import { begun } from '@/app/_server/begun';
import { handler } from '@/app/_server/handler';
import { openPackage } from '@/lib/package/open-package';

/** The package as a ZIP, made as it is read: the same bytes every time. 409 while it is being made. */
export const GET = handler(
  {
    summary: 'The package as a ZIP: the same bytes every time.',
    access: 'read',
    downloads: 'package',
    answers: { 200: { is: 'The package.', types: ['application/zip'] } },
    errors: ['CONFLICT', 'EVIDENCE_ALTERED', 'EVIDENCE_DELETED'],
    params: z.object({ packageId: z.uuid() }),
  },
  async ({ ctx, params }) => {
    const { fileName, stream } = await openPackage(ctx, params);
    return new Response(await begun(stream), {
      headers: { 'Content-Type': 'application/zip', 'Content-Disposition': `attachment; filename="${fileName}"` },
    });
  },
);
