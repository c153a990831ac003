import 'server-only';
import type { Context } from '../../context';
import { OIDC_CALLBACK_PATH, OIDC_SIGN_IN_PATH, type SignInRefusal } from '../../schemas/sign-in-refusals';
import { authOf } from '../auth';
import { recordRefusedSignIn } from '../refused-sign-ins';
import { returnPath, signInPath } from '../return-path';
import { admit } from './admit';
import { attemptCookie } from './attempt';
import { identityOf } from './identity';
import { beginAttempt } from './provider';
import { loggedOf, refusalOf } from './refusal-of';

/** Answers a browser that signs in through the provider; null for another path, and where no provider is stated. */
export async function answerOidc(ctx: Context, request: Request): Promise<Response | null> {
  const { pathname, search, searchParams } = new URL(request.url);
  const isCallback = pathname === OIDC_CALLBACK_PATH;
  if (!ctx.env.oidc || (!isCallback && pathname !== OIDC_SIGN_IN_PATH)) return null;
  const counted = await authOf(ctx).handler(request);
  if (counted.status === 429) return refuse(ctx, request, 'too-many', '/');
  if (!counted.ok) return counted;
  return isCallback ? end(ctx, request, search) : begin(ctx, request, returnPath(searchParams.get('to') ?? undefined));
}

async function begin(ctx: Context, request: Request, to: string): Promise<Response> {
  const begun = await asked(ctx, () => beginAttempt(ctx, to));
  if ('refused' in begun) return refuse(ctx, request, begun.refused, to);
  return redirect(begun.url.href, [await attemptCookie.keep(ctx, begun.attempt)]);
}

async function end(ctx: Context, request: Request, search: string): Promise<Response> {
  const attempt = await attemptCookie.read(ctx, request.headers);
  // Who is sent here by another page has begun nothing in this browser, or something else.
  if (!attempt || new URLSearchParams(search).get('state') !== attempt.state)
    return refuse(ctx, request, 'attempt', '/');
  const identity = await asked(ctx, () => identityOf(ctx, { search, attempt }));
  if ('refused' in identity) return refuse(ctx, request, identity.refused, attempt.to);
  const admitted = await admit(ctx, { identity, headers: request.headers });
  if ('refused' in admitted) {
    ctx.log.warn({ part: 'oidc', refused: admitted.refused, subject: identity.subject }, 'somebody was not let in');
    return refuse(ctx, request, admitted.refused, attempt.to);
  }
  return redirect(attempt.to, [attemptCookie.forget(ctx), ...admitted.cookies]);
}

/** What the provider is asked for, or what came of it instead, which the log has. */
async function asked<T extends object>(ctx: Context, ask: () => Promise<T>): Promise<T | { refused: SignInRefusal }> {
  try {
    return await ask();
  } catch (error) {
    const refused = refusalOf(error);
    ctx.log.warn({ part: 'oidc', refused, ...loggedOf(error) }, 'the identity provider let nobody in');
    return { refused };
  }
}

/** Back to the sign-in page, which says why and goes on to `to`; it is counted. */
async function refuse(ctx: Context, { headers }: Request, refused: SignInRefusal, to: string): Promise<Response> {
  await recordRefusedSignIn(ctx, headers, { by: 'oidc', refusal: refused });
  const page = signInPath(to);
  return redirect(`${page}${page.includes('?') ? '&' : '?'}refused=${refused}`, [attemptCookie.forget(ctx)]);
}

function redirect(location: string, cookies: readonly string[]): Response {
  const headers = new Headers({ Location: location, 'Cache-Control': 'no-store' });
  for (const cookie of cookies) headers.append('Set-Cookie', cookie);
  return new Response(null, { status: 303, headers });
}
