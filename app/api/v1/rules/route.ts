import { handler } from '@/app/_server/handler';
import { listRules } from '@/lib/detect/rules';
import { RuleList } from '@/lib/schemas/rules';

export const GET = handler(
  { summary: 'Every rule, with when it ran last and what it found, worst first.', access: 'read', response: RuleList },
  ({ ctx }) => listRules(ctx),
);
