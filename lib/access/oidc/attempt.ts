import 'server-only';
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import * as z from 'zod';
import type { Context } from '../../context';

/** From the button to the way back, the password and second factor of the provider included. */
const GOOD_MS = 10 * 60_000;

const Attempt = z.object({
  purpose: z.literal('oidc'),
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  /** A path on this server. */
  to: z.string(),
  begunAtMs: z.number(),
});
/** A sign-in that a browser has begun. The browser keeps it, sealed: one that did not begin it cannot end it. */
export type Attempt = Omit<z.output<typeof Attempt>, 'purpose' | 'begunAtMs'>;

type Parts = Pick<Context, 'env' | 'now'>;

/** The cookie that keeps it. */
export async function attemptCookie({ env, now }: Parts, attempt: Attempt): Promise<string> {
  const kept: z.input<typeof Attempt> = { purpose: 'oidc', ...attempt, begunAtMs: now().getTime() };
  return cookie(env, await symmetricEncrypt({ key: env.secret, data: JSON.stringify(kept) }), GOOD_MS / 1000);
}

/** Has the browser forget it: each is good once. */
export function noAttemptCookie({ env }: Parts): string {
  return cookie(env, '', 0);
}

/** What the browser keeps; null when that is nothing, is too old or is not by us. */
export async function attemptIn({ env, now }: Parts, headers: Headers): Promise<Attempt | null> {
  const prefix = `${nameOf(env)}=`;
  const kept = (headers.get('cookie') ?? '')
    .split(/;\s*/)
    .find((one) => one.startsWith(prefix))
    ?.slice(prefix.length);
  if (!kept) return null;
  const opened = await symmetricDecrypt({ key: env.secret, data: kept })
    .then((text): unknown => JSON.parse(text))
    .catch(() => null); // another secret, or altered
  const parsed = Attempt.safeParse(opened);
  return parsed.success && now().getTime() - parsed.data.begunAtMs < GOOD_MS ? parsed.data : null;
}

function cookie(env: Parts['env'], value: string, seconds: number): string {
  const secure = isSecure(env) ? '; Secure' : '';
  return `${nameOf(env)}=${value}; Path=/api/auth/oidc; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

function nameOf(env: Parts['env']): string {
  return `${isSecure(env) ? '__Secure-' : ''}sealtrail.oidc`;
}

function isSecure({ publicUrl }: Parts['env']): boolean {
  return publicUrl.startsWith('https:');
}
