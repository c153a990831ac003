import { linkedOf } from '@/app/_server/auth';
import { handler } from '@/app/_server/handler';
import { redeemLink } from '@/lib/access/redeem-link';
import { Person, UsedLink } from '@/lib/schemas/settings';

/** The one-time link is the credential. */
export const POST = handler(
  {
    summary: 'Uses a link: makes the person who was invited, or sets a new password. The link is the credential, once.',
    access: 'public',
    isOfInstallation: true,
    errors: ['FORBIDDEN', 'CONFLICT'],
    body: UsedLink,
    response: Person,
    status: 201,
  },
  async ({ ctx, body }) => redeemLink(await linkedOf(ctx, body.token), { ...body, installation: ctx }),
);
