import { handler } from '@/app/_server/handler';
import { addToolKey, listToolKeys } from '@/lib/ingest/tool-keys';
import { NewToolKey, ToolKey, ToolKeyPage } from '@/lib/schemas/tool-keys';

/** Public keys of the tools that write logs, in the order they were added; retired ones too. */
export const GET = handler(
  {
    summary: 'Public keys of your tools in the order they were added, retired ones too.',
    access: 'read',
    response: ToolKeyPage,
  },
  async ({ ctx }) => ({
    items: await listToolKeys(ctx),
    nextCursor: null,
  }),
);

/** Registers a key and has the chains it may concern verified with it. */
export const POST = handler(
  {
    summary: 'Registers a public key, Ed25519 or ECDSA P-256, and has the chains it concerns verified with it.',
    access: 'administrator',
    errors: ['CONFLICT'],
    body: NewToolKey,
    response: ToolKey,
    status: 201,
  },
  ({ ctx, actor, body }) => addToolKey(ctx, { ...body, actor }),
);
