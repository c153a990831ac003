import { handler } from '@/app/_server/handler';
import { accessPolicy, setAccessPolicy } from '@/lib/access/second-factor/policy';
import { AccessPolicy, AccessPolicyChange } from '@/lib/schemas/second-factor';

export const GET = handler(
  {
    summary: 'What is asked of everybody who signs in.',
    access: 'person',
    isOfInstallation: true,
    response: AccessPolicy,
  },
  ({ ctx }) => accessPolicy(ctx),
);

export const PUT = handler(
  {
    summary: 'Has everybody who signs in by a password set up a second factor before anything else, or no more.',
    access: 'administrator',
    isOfInstallation: true,
    errors: ['CONFLICT'],
    body: AccessPolicyChange,
    response: AccessPolicy,
  },
  ({ ctx, actor, body }) => setAccessPolicy(ctx, { ...body, actor }),
);
