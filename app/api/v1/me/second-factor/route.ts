import { handler } from '@/app/_server/handler';
import { secondFactorOf } from '@/lib/access/second-factor/standing';
import { SecondFactor } from '@/lib/schemas/second-factor';

export const GET = handler(
  {
    summary: 'What the person who asks has beside their password.',
    access: 'enrolment',
    isOfInstallation: true,
    response: SecondFactor,
  },
  ({ ctx, actor }) => secondFactorOf(ctx, actor.id),
);
