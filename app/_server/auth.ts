import 'server-only';
import { type Actor, personActor, tokenActor } from '@/lib/access/actor';
import { personOf } from '@/lib/access/people';
import { verifyToken } from '@/lib/access/tokens';
import type { Context } from '@/lib/context';
import { AppError } from '@/lib/core/errors';
import type { Scope } from '@/lib/schemas/settings';

/** `person` is a signed-in browser and nothing else; a scope is a token that has it, or any signed-in person. */
export type Access = Scope | 'person' | 'public';

const OURS = /^st_/;

/** Who is at the door; every route but a public one makes its actor here. @throws AppError UNAUTHENTICATED, FORBIDDEN. */
export async function authenticate(ctx: Context, request: Request, access: Exclude<Access, 'public'>): Promise<Actor> {
  const authorization = request.headers.get('authorization') ?? '';
  const bearer =
    /^Bearer\s+(\S+)$/i.exec(authorization)?.[1] ?? (access === 'ingest' ? shipperToken(authorization) : null);
  if (bearer) {
    const token = await verifyToken(ctx, bearer);
    if (!token) throw new AppError('UNAUTHENTICATED', 'the token is unknown or was revoked');
    if (access === 'person') throw new AppError('FORBIDDEN', 'this is for signed-in people, not for tokens');
    if (!token.scopes.includes(access))
      throw new AppError('FORBIDDEN', `the token has no "${access}" scope`, { scope: access });
    return tokenActor(token);
  }
  const person = await personOf(ctx, request.headers);
  if (!person) throw new AppError('UNAUTHENTICATED', 'send "Authorization: Bearer st_…" or sign in');
  refuseForeignOrigin(request);
  return personActor(person);
}

/** Our token as log shippers send it: `Splunk <token>`, `Basic <user:token>`, `ApiKey <token>` or `ApiKey <id:token>`, the pairs in base64. */
function shipperToken(authorization: string): string | null {
  const [, scheme = '', credential = ''] = /^(Splunk|Basic|ApiKey)\s+(\S+)$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'splunk' || OURS.test(credential)) return credential || null;
  const pair = Buffer.from(credential, 'base64').toString('utf8');
  const secret = pair.slice(pair.indexOf(':') + 1);
  // A proxy in front may ask for a password of its own: that is no credential of ours.
  return OURS.test(secret) ? secret : null;
}

/** A cookie is sent by the browser for any page that asks: changes must come from our own pages. */
function refuseForeignOrigin(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  const host = request.headers.get('host');
  const ours = site
    ? site === 'same-origin' || site === 'none'
    : origin !== null && URL.canParse(origin) && new URL(origin).host === host;
  if (!ours) throw new AppError('FORBIDDEN', 'a signed-in browser may change things from our own pages only');
}
