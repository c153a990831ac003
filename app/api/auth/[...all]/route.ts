import { handler } from '@/app/_server/handler';
import { authOf } from '@/lib/auth/auth';

/** What browsers need of better-auth; the rest of it is reached through our own verbs or not at all. */
const PATHS = new Set(['/api/auth/sign-in/email', '/api/auth/sign-out', '/api/auth/get-session', '/api/auth/change-password']);

const pass = handler({ access: 'public' }, async ({ ctx, request }) => (PATHS.has(new URL(request.url).pathname) ? authOf(ctx).handler(request) : new Response(null, { status: 404 })));

export const GET = pass;
export const POST = pass;
