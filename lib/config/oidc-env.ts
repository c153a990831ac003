import 'server-only';
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { ROLES, type Role } from '../schemas/roles';

/** What an empty variable means is that it is not set. */
const given = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
const Switch = z.enum(['', '0', '1'], 'must be 1 or 0').default('');

/** Variables that say how people sign in through an identity provider. Specified in docs/access.md. */
export const OIDC_VARIABLES = {
  SEALTRAIL_OIDC_ISSUER: given(z.url({ protocol: /^https?$/ }).refine(isReachedSafely, 'must begin with https://')),
  SEALTRAIL_OIDC_CLIENT_ID: given(z.string()),
  SEALTRAIL_OIDC_CLIENT_SECRET: given(z.string()),
  SEALTRAIL_OIDC_CLIENT_SECRET_FILE: given(z.string().transform(secretIn)),
  SEALTRAIL_OIDC_SCOPES: z.string().default('').transform(scopesOf),
  SEALTRAIL_OIDC_GROUPS_CLAIM: given(z.string()),
  SEALTRAIL_OIDC_ROLES: z.string().default('').transform(groupRolesOf),
  SEALTRAIL_OIDC_LABEL: given(z.string().max(60)),
  SEALTRAIL_OIDC_LINK: Switch,
  SEALTRAIL_OIDC_ONLY: Switch,
  /** Hours from one sign-in at the provider to the next. */
  SEALTRAIL_OIDC_SESSION_HOURS: given(
    z.coerce
      .number()
      .min(0.25)
      .max(24 * 7),
  ),
};
const Variables = z.object(OIDC_VARIABLES);
type Variables = z.output<typeof Variables>;
type Variable = keyof Variables;

/** One line of the mapping: `*` stands for everybody the provider lets in. */
export type GroupRole = { group: string; role: Role };
/** How people sign in through an identity provider. */
export type Oidc = {
  /** As `URL` writes it, so that a `/` at its end makes no other one of it. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  scope: string;
  groupsClaim: string;
  roles: readonly GroupRole[];
  label: string;
  /** Whether somebody who has a password becomes one the provider signs in, by an address it says is verified. */
  mayLink: boolean;
  /** Whether nobody signs in by e-mail and password any more. */
  isOnly: boolean;
  sessionMs: number;
};

/** What does not fit together, told under the variable that asks for it. */
export function checkOidc(env: Variables, refuse: (variable: Variable, message: string) => void): void {
  if (!env.SEALTRAIL_OIDC_ISSUER) {
    for (const name of ['SEALTRAIL_OIDC_CLIENT_ID', 'SEALTRAIL_OIDC_ONLY', 'SEALTRAIL_OIDC_LINK'] as const)
      if (env[name] && env[name] !== '0') refuse(name, 'goes with SEALTRAIL_OIDC_ISSUER, which is missing');
    return;
  }
  if (!env.SEALTRAIL_OIDC_CLIENT_ID)
    refuse('SEALTRAIL_OIDC_CLIENT_ID', 'is missing while SEALTRAIL_OIDC_ISSUER is set');
  const secrets = [env.SEALTRAIL_OIDC_CLIENT_SECRET, env.SEALTRAIL_OIDC_CLIENT_SECRET_FILE].filter(Boolean);
  if (secrets.length !== 1)
    refuse(
      'SEALTRAIL_OIDC_CLIENT_SECRET',
      secrets.length === 0
        ? 'is missing, and so is SEALTRAIL_OIDC_CLIENT_SECRET_FILE: set one of them'
        : 'and SEALTRAIL_OIDC_CLIENT_SECRET_FILE are both set: set one of them',
    );
  if (env.SEALTRAIL_OIDC_ROLES.length === 0)
    refuse(
      'SEALTRAIL_OIDC_ROLES',
      'says which groups have which role, as sec-admins=administrator,sec-team=analyst: without it nobody could sign in',
    );
}

/** Null where no provider is stated. */
export function oidcOf(env: Variables): Oidc | null {
  const { SEALTRAIL_OIDC_ISSUER: issuer, SEALTRAIL_OIDC_CLIENT_ID: clientId } = env;
  const clientSecret = env.SEALTRAIL_OIDC_CLIENT_SECRET ?? env.SEALTRAIL_OIDC_CLIENT_SECRET_FILE;
  if (!issuer || !clientId || !clientSecret) return null;
  return {
    issuer: new URL(issuer).href,
    clientId,
    clientSecret,
    scope: env.SEALTRAIL_OIDC_SCOPES,
    groupsClaim: env.SEALTRAIL_OIDC_GROUPS_CLAIM ?? 'groups',
    roles: env.SEALTRAIL_OIDC_ROLES,
    label: env.SEALTRAIL_OIDC_LABEL ?? 'single sign-on',
    mayLink: env.SEALTRAIL_OIDC_LINK === '1',
    isOnly: env.SEALTRAIL_OIDC_ONLY === '1',
    sessionMs: (env.SEALTRAIL_OIDC_SESSION_HOURS ?? 12) * 3_600_000,
  };
}

/** What is said to a provider on this machine does not leave it. */
function isReachedSafely(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

function secretIn(file: string, issues: z.RefinementCtx): string {
  try {
    const secret = readFileSync(file, 'utf8').trim();
    if (secret === '') issues.addIssue('names a file that is empty');
    return secret;
  } catch (error) {
    issues.addIssue(`names a file that cannot be read: ${error instanceof Error ? error.message : ''}`);
    return '';
  }
}

/** Without `openid` there is no ID token. */
function scopesOf(text: string): string {
  const scopes = text.split(/[\s,]+/).filter((scope) => scope !== '');
  return [...new Set(['openid', ...(scopes.length > 0 ? scopes : ['profile', 'email'])])].join(' ');
}

/** `sec-admins=administrator,sec-team=analyst,*=auditor`; the role stands behind the last `=`, and a comma of a name behind a `\`. */
function groupRolesOf(text: string, issues: z.RefinementCtx): GroupRole[] {
  return text.split(/(?<!\\),/).flatMap((entry): GroupRole[] => {
    if (entry.trim() === '') return [];
    const at = entry.lastIndexOf('=');
    const group = entry.slice(0, Math.max(at, 0)).replaceAll('\\,', ',').trim();
    const role = ROLES.find((one) => one === entry.slice(at + 1).trim());
    if (group !== '' && role) return [{ group, role }];
    issues.addIssue(`"${entry.trim()}" is no group=role; roles are ${ROLES.join(', ')}`);
    return [];
  });
}
