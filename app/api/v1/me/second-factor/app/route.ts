import { handler } from '@/app/_server/handler';
import { beginApp } from '@/lib/access/second-factor/app';
import { NewApp, StartedApp } from '@/lib/schemas/second-factor';

/** 201 with the secret, which is not shown again. */
export const POST = handler(
  {
    summary: 'Begins to set up an authenticator app. Nothing changes until a code of it is given.',
    access: 'enrolment',
    isOfInstallation: true,
    errors: ['CONFLICT', 'BUSY'],
    body: NewApp,
    response: StartedApp,
    status: 201,
  },
  ({ ctx, actor, body }) => beginApp(ctx, { actor, ...body }),
);
