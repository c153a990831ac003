import * as z from 'zod';
import { ChainName } from './chains';
import { Instant, page } from './common';
import { EvidenceState } from './evidence';
import { MIN_PASSWORD_LENGTH } from './password-length';
import { ROLES } from './roles';
import { SCOPES } from './scopes';

export const Scope = z.enum(SCOPES);
export type Scope = z.infer<typeof Scope>;
export const ApiToken = z.object({
  id: z.string(),
  name: z.string(),
  /** First characters, to recognise it by. */
  start: z.string(),
  scopes: z.array(Scope),
  /** The chains it may write to, by name or by the beginning of names with a `*` behind it; null for every chain. */
  chains: z.array(z.string()).nullable(),
  createdAt: Instant,
  lastUsedAt: Instant.nullable(),
  /** Not accepted from then on; null for as long as it is not revoked. */
  expiresAt: Instant.nullable(),
  /** Who made it; null when they are gone. */
  createdBy: z.string().nullable(),
});
export type ApiToken = z.infer<typeof ApiToken>;
/** Of a token's name, in UTF-16 code units. */
export const MAX_TOKEN_NAME = 80;
export const MAX_TOKEN_DAYS = 3650;
/** Control characters, and those that turn the direction of text around: a name is shown beside what it did. */
const UNSHOWN = /[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]/u;
/** What people call something, shown beside what it did. */
export const ShownName = z
  .string()
  .trim()
  .min(1)
  .max(MAX_TOKEN_NAME, `must be at most ${MAX_TOKEN_NAME} characters`)
  .refine((name) => !UNSHOWN.test(name), 'must not hold control characters or marks of text direction');
/** Chains that one token can be for. */
const MAX_TOKEN_CHAINS = 50;
export const NewToken = z.object({
  name: ShownName,
  scopes: z.array(Scope).min(1),
  expiresInDays: z.number().int().min(1).max(MAX_TOKEN_DAYS).nullable().default(null),
  /** The only chains it may write to: names, or the beginning of names with a `*` behind it, such as `team-a/*`. Null for every chain. */
  chains: z
    .array(
      ChainName.refine(
        (name) => !name.slice(0, -1).includes('*') && name !== '*',
        'has a * at its end alone, behind the beginning of a name',
      ),
    )
    .min(1)
    .max(MAX_TOKEN_CHAINS)
    .nullable()
    .default(null),
});
export const CreatedToken = ApiToken.extend({ /** Shown once. */ token: z.string() });

export const SigningKey = z.object({
  hint: z.string(),
  algorithm: z.string(),
  createdAt: Instant,
  /** Null while it is in use. */
  retiredAt: Instant.nullable(),
  publicKeyPem: z.string(),
});
export type SigningKey = z.infer<typeof SigningKey>;
export const SigningKeyPage = page(SigningKey);
export const SetupInput = z.object({
  token: z.string().min(1).max(200),
  name: z.string().trim().min(1).max(80),
  email: z.email().max(200),
  password: z.string().min(MIN_PASSWORD_LENGTH, `must be at least ${MIN_PASSWORD_LENGTH} characters`).max(128),
});

export const Role = z.enum(ROLES);
export const Person = z.object({ id: z.string(), name: z.string(), email: z.string(), role: Role });
export type Person = z.infer<typeof Person>;
/** A person as they are listed. */
export const Account = Person.extend({
  /** The identity provider signs them in, and their groups there say what their role is. */
  isFromProvider: z.boolean(),
  /** Nobody signs in as them, and their tokens are refused. */
  isDisabled: z.boolean(),
  /** A code is asked for beside their password. */
  hasSecondFactor: z.boolean(),
  createdAt: Instant,
  /** Null for one who has not signed in yet. */
  lastSignInAt: Instant.nullable(),
});
export type Account = z.infer<typeof Account>;
export const AccountChange = z
  .strictObject({ role: Role.optional(), isDisabled: z.boolean().optional() })
  .refine((change) => Object.keys(change).length > 0, 'say what changes: role or isDisabled');

export const NewInvitation = z.object({ email: z.email().max(200), role: Role });
export const Invitation = z.object({
  id: z.uuid(),
  email: z.string(),
  role: Role,
  createdBy: z.string(),
  createdAt: Instant,
  /** Not good from then on. */
  expiresAt: Instant,
});
export type Invitation = z.infer<typeof Invitation>;
/** A link that is good once. */
export const CreatedLink = z.object({
  /** Shown this once. */
  url: z.url(),
  expiresAt: Instant,
  /** Whether it was mailed too; `none` where no mail server is stated. */
  mail: z.enum(['sent', 'failed', 'none']),
  /** Why mail failed. */
  mailFailure: z.string().nullable(),
});
export type CreatedLink = z.infer<typeof CreatedLink>;
export const UsedLink = z.object({
  token: z.string().min(1).max(200),
  /** Of one who is invited. */
  name: z.string().trim().min(1).max(80).optional(),
  password: z.string().min(MIN_PASSWORD_LENGTH, `must be at least ${MIN_PASSWORD_LENGTH} characters`).max(128),
});

/** A browser that somebody is signed in with. */
export const SignedIn = z.object({
  id: z.string(),
  /** As the browser names itself. */
  userAgent: z.string().nullable(),
  /** It signed in from. */
  address: z.string().nullable(),
  since: Instant,
  /** To five minutes. */
  lastUsedAt: Instant,
  /** The one that asks. */
  isThis: z.boolean(),
});
export type SignedIn = z.infer<typeof SignedIn>;

export const Health = z.object({
  status: z.enum(['ok', 'degraded', 'down']),
  checks: z.object({ database: z.boolean(), lake: z.boolean(), evidence: z.boolean(), worker: z.boolean() }),
  /** Whether what arrives can be made durable: `degraded` from the first write that fails until three in a row succeed. */
  writing: z.enum(['ok', 'degraded']),
  /** Stored evidence that is not what was received, and when all of it was read back last; null while the database does not answer. */
  stored: EvidenceState.nullable(),
  /** Why it is degraded, in a sentence. */
  cause: z.string().nullable(),
  /** Jobs that failed every time so far: what was received is stored, but not all of it is checked, searchable or signed. */
  stuck: z.number().int(),
  version: z.string(),
  since: Instant.nullable(),
});
export type Health = z.infer<typeof Health>;
