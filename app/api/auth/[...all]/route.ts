import { handler } from '@/app/_server/handler';
import { answerBrowser } from '@/lib/access/answer';

const pass = handler(
  { access: 'public' },
  async ({ ctx, request }) => (await answerBrowser(ctx, request)) ?? new Response(null, { status: 404 }),
);

export const GET = pass;
export const POST = pass;
