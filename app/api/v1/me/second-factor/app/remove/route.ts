import { handler } from '@/app/_server/handler';
import { removeApp } from '@/lib/access/second-factor/app';
import { PasswordAndCode } from '@/lib/schemas/second-factor';

export const POST = handler(
  {
    summary: 'Takes the authenticator app and the recovery codes of the person who asks away.',
    access: 'person',
    isOfInstallation: true,
    errors: ['CONFLICT', 'BUSY'],
    body: PasswordAndCode,
  },
  ({ ctx, actor, body }) => removeApp(ctx, { actor, ...body }),
);
