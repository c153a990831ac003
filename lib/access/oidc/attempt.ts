import 'server-only';
import * as z from 'zod';
import { keptCookie } from '../kept-cookie';

const Attempt = z.object({
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  /** A path on this server. */
  to: z.string(),
});
/** A sign-in that a browser has begun. One that did not begin it cannot end it. */
export type Attempt = z.output<typeof Attempt>;

/** Good from the button to the way back, the password and second factor of the provider included. Each is good once: whoever reads it has it forgotten. */
export const attemptCookie = keptCookie({
  purpose: 'oidc',
  path: '/api/auth/oidc',
  goodMs: 10 * 60_000,
  schema: Attempt,
});
