import { isIP } from 'node:net';
import type { Env } from '../../config/env';

/** Who browsers make passkeys for: `id` is the name of the host, `origin` where its pages are. */
export type RelyingParty = { id: string; origin: string };

/**
 * That of this installation, by the address it is reached at; null where browsers make none: by http of another machine, and by the number of a machine.
 * This machine's own number is `localhost`, under which they do (WebAuthn Level 3 section 5.1.3: the host is a name; Secure Contexts section 3.1).
 */
export function relyingParty({ publicUrl }: Pick<Env, 'publicUrl'>): RelyingParty | null {
  const { protocol, hostname, port } = new URL(publicUrl);
  if (isLoopback(hostname)) return { id: 'localhost', origin: `${protocol}//localhost${port ? `:${port}` : ''}` };
  if (protocol !== 'https:' || isIP(hostname.replaceAll(/[[\]]/g, '')) !== 0) return null;
  return { id: hostname, origin: new URL(publicUrl).origin };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
