import 'server-only';
import { type Actor, personActor, tokenActor } from '@/lib/access/actor';
import { personOf, requireEnrolled } from '@/lib/access/people';
import { verifyToken } from '@/lib/access/tokens';
import type { Context } from '@/lib/context';
import { OWN_CHAIN, isOwnChain } from '@/lib/core/own-chain';
import { AppError } from '@/lib/core/errors';
import { areOfActivity } from '@/lib/triage/of-activity';
import { NEEDS, type NeedName, ROLE_LABEL, type Role, hasRoleFor } from '@/lib/schemas/roles';

/** What a route declares it needs: a line of the one table, or nothing. */
export type Access = NeedName | 'public';

const OURS = /^st_/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Who is at the door; every route but a public one makes its actor here. @throws AppError UNAUTHENTICATED, FORBIDDEN, SECOND_FACTOR_REQUIRED. */
export async function authenticate(ctx: Context, request: Request, access: Exclude<Access, 'public'>): Promise<Actor> {
  const authorization = request.headers.get('authorization') ?? '';
  const bearer =
    /^Bearer\s+(\S+)$/i.exec(authorization)?.[1] ?? (access === 'ingest' ? shipperToken(authorization) : null);
  const { scope } = NEEDS[access];
  if (bearer) {
    const token = await verifyToken(ctx, bearer);
    if (!token) throw new AppError('UNAUTHENTICATED', 'the token is unknown or was revoked');
    if (scope === null) throw new AppError('FORBIDDEN', 'this is for signed-in people, not for tokens');
    if (!token.scopes.includes(scope)) throw new AppError('FORBIDDEN', `the token has no "${scope}" scope`, { scope });
    requireRole(token.role, access, 'the person who made the token');
    return tokenActor(token);
  }
  const person = await personOf(ctx, request.headers);
  if (!person) throw new AppError('UNAUTHENTICATED', 'send "Authorization: Bearer st_…" or sign in');
  refuseForeignOrigin(request);
  if (access !== 'enrolment') requireEnrolled(person);
  requireRole(person.role, access, 'the person signed in');
  return personActor(person);
}

/** The chain of what is done here, and what rules find in it, are for those alone who may read that, by whatever they are asked for. @throws AppError FORBIDDEN. */
export async function requireChainFor({ db }: Context, { role }: Actor, asked: readonly unknown[]): Promise<void> {
  if (hasRoleFor(role, 'activity')) return;
  const named = asked.flatMap(textsIn);
  if (
    named.some((text) => isOwnChain(text) || text === OWN_CHAIN.name) ||
    (await areOfActivity(
      db,
      named.filter((text) => UUID.test(text)),
    ))
  )
    requireRole(role, 'activity', 'whoever asks');
}

/** Every text in what was asked, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** @throws AppError FORBIDDEN, with the roles that would do. */
function requireRole(role: Role, access: NeedName, who: string): void {
  if (hasRoleFor(role, access)) return;
  const { roles } = NEEDS[access];
  const wanted = roles.map((one) => ROLE_LABEL[one].toLowerCase()).join(' or ');
  throw new AppError('FORBIDDEN', `this takes the role ${wanted}; ${who} is an ${ROLE_LABEL[role].toLowerCase()}`, {
    role,
    needs: roles.join(','),
  });
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

/** A cookie is sent by the browser for any page that asks: changes must come from our own pages. @throws AppError FORBIDDEN. */
export function refuseForeignOrigin(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  const host = request.headers.get('host');
  const ours = site
    ? site === 'same-origin' || site === 'none'
    : origin !== null && URL.canParse(origin) && new URL(origin).host === host;
  if (!ours) throw new AppError('FORBIDDEN', 'a signed-in browser may change things from our own pages only');
}
