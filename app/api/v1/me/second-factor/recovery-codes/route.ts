import { handler } from '@/app/_server/handler';
import { renewRecoveryCodes } from '@/lib/access/second-factor/app';
import { PasswordAndCode, RecoveryCodes } from '@/lib/schemas/second-factor';

/** 201 with the codes, which are not shown again. */
export const POST = handler(
  {
    summary: 'Makes ten recovery codes in place of those there were.',
    access: 'person',
    isOfInstallation: true,
    errors: ['BUSY'],
    body: PasswordAndCode,
    response: RecoveryCodes,
    status: 201,
  },
  ({ ctx, actor, body }) => renewRecoveryCodes(ctx, { actor, ...body }),
);
