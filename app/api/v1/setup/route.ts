import { handler } from '@/app/_server/handler';
import { completeSetup } from '@/lib/access/first-run';
import { Person, SetupInput } from '@/lib/schemas/settings';

/** Makes the first administrator. The one-time link is the credential. */
export const POST = handler(
  {
    summary: 'Makes the first administrator. The one-time link is the credential.',
    access: 'public',
    isOfInstallation: true,
    errors: ['FORBIDDEN', 'CONFLICT'],
    body: SetupInput,
    response: Person,
    status: 201,
  },
  ({ ctx, body }) => completeSetup(ctx, body),
);
