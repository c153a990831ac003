import { authOf } from '@/lib/auth/auth';
import { context } from '@/lib/compose';

/** What browsers need of better-auth; the rest of it is reached through our own verbs or not at all. */
const PATHS = new Set(['/api/auth/sign-in/email', '/api/auth/sign-out', '/api/auth/get-session', '/api/auth/change-password']);

async function pass(request: Request): Promise<Response> {
  if (!PATHS.has(new URL(request.url).pathname)) return new Response(null, { status: 404 });
  return authOf(await context()).handler(request);
}

export const GET = pass;
export const POST = pass;
