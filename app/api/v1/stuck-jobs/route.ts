import { handler } from '@/app/_server/handler';
import { listStuck } from '@/lib/ops/stuck';
import { StuckJobs } from '@/lib/schemas/stuck';

/** Work that failed every time so far, with its causes. */
export const GET = handler(
  {
    summary: 'Steps that failed every time so far, oldest first, with their causes.',
    access: 'read',
    response: StuckJobs,
  },
  ({ ctx }) => listStuck(ctx),
);
