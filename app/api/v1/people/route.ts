import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { listPeople } from '@/lib/access/people';
import { Account } from '@/lib/schemas/settings';

export const GET = handler(
  {
    summary: 'People of this installation, those who came first first; at most 500.',
    access: 'person',
    response: z.object({ items: z.array(Account) }),
  },
  async ({ ctx }) => ({ items: await listPeople(ctx) }),
);
