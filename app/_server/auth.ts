import 'server-only';
import { type Actor, personActor, tokenActor } from '@/lib/access/actor';
import { personOf, requireEnrolled } from '@/lib/access/people';
import { verifyToken } from '@/lib/access/tokens';
import { workspaceOfLink, workspaceOfToken } from '@/lib/access/workspaces/credential';
import { context, contextOf } from '@/lib/compose';
import type { Context } from '@/lib/context';
import { OWN_CHAIN, isOwnChain } from '@/lib/core/own-chain';
import { DEFAULT_WORKSPACE, WORKSPACE_HEADER } from '@/lib/schemas/workspace-id';
import { AppError } from '@/lib/core/errors';
import { areOfActivity } from '@/lib/triage/of-activity';
import { NEEDS, type NeedName, ROLE_LABEL, type Role, hasRoleFor } from '@/lib/schemas/roles';

/** What a route declares it needs: a line of the one table, or nothing. */
export type Access = NeedName | 'public';

const OURS = /^st_/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Who asks, and all that they may ask of: their workspace. */
export type Admitted = { ctx: Context; actor: Actor };

/**
 * Who is at the door; every route but a public one has its actor from here, and the context of the workspace it is in. A token says which that is, a session
 * is in one its person is a member of. What is of the installation is decided in the default workspace, and about oneself in any, or none. @throws AppError UNAUTHENTICATED, FORBIDDEN, SECOND_FACTOR_REQUIRED.
 */
export async function authenticate(
  installation: Context,
  request: Request,
  access: Exclude<Access, 'public'>,
  isOfInstallation = false,
): Promise<Admitted> {
  const authorization = request.headers.get('authorization') ?? '';
  const bearer =
    /^Bearer\s+(\S+)$/i.exec(authorization)?.[1] ?? (access === 'ingest' ? shipperToken(authorization) : null);
  const { scope } = NEEDS[access];
  if (bearer) {
    const ctx = await workspaceNamed(installation, workspaceOfToken(bearer));
    const token = ctx && (await verifyToken(ctx, bearer));
    if (!token) throw new AppError('UNAUTHENTICATED', 'the token is unknown or was revoked');
    if (scope === null) throw new AppError('FORBIDDEN', 'this is for signed-in people, not for tokens');
    if (!token.scopes.includes(scope)) throw new AppError('FORBIDDEN', `the token has no "${scope}" scope`, { scope });
    requireRole(token.role, access, 'the person who made the token');
    return { ctx, actor: tokenActor({ ...token, workspaceId: ctx.env.workspaceId }) };
  }
  const person = await personOf(installation, request.headers);
  if (!person) throw new AppError('UNAUTHENTICATED', 'send "Authorization: Bearer st_…" or sign in');
  refuseForeignOrigin(request);
  if (access !== 'enrolment') requireEnrolled(person);
  const { workspaceId } = person;
  if (isOfInstallation && isOnesOwn(access))
    return { ctx: installation, actor: personActor({ ...person, workspaceId: workspaceId ?? DEFAULT_WORKSPACE }) };
  if (workspaceId === null) throw new AppError('FORBIDDEN', 'you are a member of no workspace; ask an administrator');
  requireRole(person.role, access, 'the person signed in');
  if (isOfInstallation && workspaceId !== DEFAULT_WORKSPACE)
    throw new AppError('FORBIDDEN', 'this is decided for the whole installation, in its default workspace');
  return { ctx: await contextOf(installation, workspaceId), actor: personActor({ ...person, workspaceId }) };
}

/** Null for one there is not. */
async function workspaceNamed(installation: Context, workspaceId: string): Promise<Context | null> {
  return contextOf(installation, workspaceId).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
    throw error;
  });
}

/** What is published by a workspace, for whoever asks. @throws AppError NOT_FOUND. */
export async function publishedOf(installation: Context, headers: Headers): Promise<Context> {
  const id = headers.get(WORKSPACE_HEADER);
  return id === null ? installation : contextOf(installation, id);
}

/** An address below `/w/<id>` answers those who are in that workspace. @throws AppError NOT_FOUND. */
export function requireAddressed({ env }: Context, headers: Headers): void {
  const id = headers.get(WORKSPACE_HEADER);
  if (id !== null && id !== env.workspaceId)
    throw new AppError('NOT_FOUND', 'this is an address of another workspace than the one you are in');
}

/** What a link without an account leads into; every link is looked for somewhere. */
export async function linkedOf(installation: Context, link: string): Promise<Context> {
  return (await workspaceNamed(installation, workspaceOfLink(link))) ?? installation;
}

function isOnesOwn(access: Access): boolean {
  return access === 'person' || access === 'enrolment';
}

/** Whether who was let in still is, into the same workspace. @throws AppError as `authenticate`. */
export async function admitAgain(ctx: Context, request: Request, access: Exclude<Access, 'public'>): Promise<void> {
  const again = await authenticate(await context(), request, access);
  if (again.ctx !== ctx) throw new AppError('FORBIDDEN', 'this session is in another workspace now');
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
