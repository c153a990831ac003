import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Actor, personActor, systemActor, tokenActor } from '@/lib/access/actor';
import { beginPasskey } from '@/lib/access/passkeys/register';
import { beginPasskeySignIn } from '@/lib/access/passkeys/sign-in';
import { replaceRecoveryCodes } from '@/lib/access/second-factor/recovery-codes';
import { Authenticator } from '@/lib/testing/authenticator';
import { sealedFor } from '@/lib/access/second-factor/sealed-for';
import { keepPending } from '@/lib/access/second-factor/pending';
import { unsealText } from '@/lib/crypto/seal';
import { createOTP } from '@better-auth/utils/otp';
import { createPasswordLink } from '@/lib/access/change-person';
import { prepareFirstRun } from '@/lib/access/first-run';
import { createToken } from '@/lib/access/tokens';
import { listAttestations } from '@/lib/attest/attestations';
import type { ActionName } from '@/lib/audit/actions';
import { appendRecords } from '@/lib/ingest/append-records';
import { ingestUpload } from '@/lib/ingest/upload';
import { signedIn, testPerson } from '@/lib/testing/actor';
import { toBytes, writers } from '@/lib/testing/chains';
import { fixture, fixtureText } from '@/lib/testing/fixtures';
import { type TestInstallation, startInstallation } from '@/lib/testing/installation';

const ROOT = path.resolve(import.meta.dirname, '../..');
const CHANGING = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
const PERSON = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery staple' };
const UNKNOWN_ID = '019a0000-0000-7000-8000-000000000000';
const BEFORE_ANYBODY = systemActor('setup');

const RULE_ID = '6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a01';
const IMPORTED_ID = '6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a03';
const ruleText = (tool: string) =>
  `title: A tool\nid: ${RULE_ID}\nlogsource: {product: ai_agent, service: guardrail}\ndetection: {one: {tool: ${tool}}, condition: one}\n`;

const suppression = (days: number) => ({
  yaml: `title: Noise\nlogsource: {product: ai_agent, service: guardrail}\nfilter: {rules: [${RULE_ID}], one: {tool: bash}, condition: not one}\n`,
  reason: 'a test',
  expiresAt: new Date(Date.now() + days * 86_400_000).toISOString(),
});

type Params = Record<string, string | string[]>;
type Handler = (request: Request, segment: { params: Promise<Params> }) => Promise<Response>;
type Requested = {
  params?: Params;
  query?: string;
  headers?: Record<string, string>;
  body?: object | string | Uint8Array<ArrayBuffer>;
  as?: 'person' | 'token' | 'nobody' | 'auditor' | 'token of an auditor';
};
type Case = {
  /** Method and file of the route. */
  route: string;
  says: ActionName | readonly ActionName[];
  /** What it is done to, once it is. */
  subject?: () => string | Promise<string>;
  /** Who did it, where that is not whoever asks. */
  by?: () => Actor;
  done: () => Requested | Promise<Requested>;
  refused: () => Requested | Promise<Requested>;
};

let installation: TestInstallation;
let setupToken = '';
let session = '';
let token = '';
let tokenId = '';
let auditorSession = '';
let auditorToken = '';
let auditorId = '';
let benId = '';
let linkToken = '';
let personId = '';
const ids: Record<string, string> = {};

const post = (file: string) => `POST app/${file}/route.ts`;
const lines = (note: string, count = 3) =>
  toBytes(
    writers(installation.ctx.hasher).occasio.write(
      Array.from({ length: count }, (_, index) => ({
        tool: 'bash',
        decision: 'allow' as const,
        note: `${note} ${index}`,
      })),
    ),
  );
const text = (note: string) => lines(note).toString('utf8').trimEnd().split('\n');
const bytes = (buffer: Buffer) => new Uint8Array(buffer);
const pem = () => generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
const chainId = async (name: string) =>
  (await installation.ctx.db.selectFrom('chains').select('id').where('name', '=', name).executeTakeFirstOrThrow()).id;
/** A chain that may be deleted: sealed, settled, and kept for long enough. */
async function expired(): Promise<Requested> {
  const { ctx } = installation;
  const { chainId: id } = await ingestUpload(ctx, {
    fileName: 'expired.jsonl',
    chain: 'expired',
    body: Readable.from([lines('expired')]),
    actor: BEFORE_ANYBODY,
  });
  await installation.settled(id);
  await ctx.db
    .updateTable('chains')
    .set({ sealed_at: ctx.now(), sealed_by: 'test', created_at: new Date(0) })
    .where('id', '=', id)
    .execute();
  await ctx.db
    .updateTable('uploads')
    .set({ received_at: new Date(0) })
    .where('chain_id', '=', id)
    .execute();
  const { head, records } = await ctx.db
    .selectFrom('chains')
    .select(['head', 'records'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return { params: { chainId: id }, body: { head, records }, as: 'person' };
}
const later =
  (
    table:
      | 'legal_holds'
      | 'cases'
      | 'suppressions'
      | 'sidecars'
      | 'tool_keys'
      | 'packages'
      | 'report_definitions'
      | 'report_runs'
      | 'share_links',
  ) =>
  async () =>
    (await installation.ctx.db.selectFrom(table).select('id').orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow())
      .id;
/** A report run that is made, as far as its state says. */
const madeRun = async () => {
  const id = await waitingRun();
  await installation.ctx.db.updateTable('report_runs').set({ state: 'done' }).where('id', '=', id).execute();
  return id;
};
/** A report run that no worker takes. */
const waitingRun = async () =>
  (
    await installation.ctx.db
      .insertInto('report_runs')
      .values({
        recorded_from: new Date(0),
        recorded_to: new Date(1),
        next_try_at: new Date('2100-01-01'),
        requested_by: 'test',
        requested_by_id: 'test',
        requested_at: new Date(),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
  ).id;
const request = async () =>
  (
    await installation.ctx.db
      .selectFrom('attestation_requests')
      .select('id')
      .where('cause', '=', 'demand')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
  ).id;
const apiKey = async () =>
  (
    await installation.ctx.db
      .selectFrom('apikey')
      .select('id')
      .orderBy('createdAt', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
  ).id;
const linkId = async () =>
  (await installation.ctx.db.selectFrom('access_links').select('id').executeTakeFirstOrThrow()).id;
const viewId = async () => (await installation.ctx.db.selectFrom('views').select('id').executeTakeFirstOrThrow()).id;
const destinationId = async () =>
  (await installation.ctx.db.selectFrom('notification_destinations').select('id').executeTakeFirstOrThrow()).id;
const deliveryId = async () =>
  (await installation.ctx.db.selectFrom('notification_deliveries').select('id').executeTakeFirstOrThrow()).id;
/** Nobody listens there. */
const DESTINATION = {
  kind: 'webhook',
  url: 'https://127.0.0.1:1/',
  name: 'nobody',
  filter: { events: ['verdict.bad'] },
};
const VIEW_SEARCH = { q: 'decision:deny', period: '7d', from: null, to: null, columns: ['tool', 'target'] };
const policy = {
  onClose: true,
  onSeal: false,
  everyRecords: 100,
  everyMinutes: null,
  predicates: ['vsa'],
  alertAfterMinutes: null,
};
const auth = (what: string, body: object, as: Requested['as'] = 'person'): Requested => ({
  params: { all: what.split('/') },
  body,
  as,
  headers: { 'x-sealtrail-peer': '127.0.0.1' },
});
const passkey = new Authenticator('http://localhost:7325');
const CHANGED_PASSWORD = 'a third quite other sentence';
/** What the app of the administrator shows, which is taken again. */
const appCode = async () => {
  const { ctx } = installation;
  const row = await ctx.db
    .updateTable('totp_secrets')
    .set({ last_step: 0 })
    .where('person_id', '=', personId)
    .returning('secret_sealed')
    .executeTakeFirstOrThrow();
  const secret = unsealText(sealedFor(ctx, personId), row.secret_sealed) ?? '';
  return createOTP(secret).totp();
};
const tus = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream' };
const otlp = (chain: string, bodies: readonly string[]) => ({
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'sealtrail.chain', value: { stringValue: chain } }] },
      scopeLogs: [{ logRecords: bodies.map((stringValue) => ({ body: { stringValue } })) }],
    },
  ],
});

/** Every route that changes something, done and refused; in this order, as some need what others leave. */
const CASES: Case[] = [
  {
    route: post('api/v1/setup'),
    says: 'person.create',
    subject: () => personId,
    by: () => BEFORE_ANYBODY,
    done: () => ({ body: { ...PERSON, token: setupToken }, as: 'nobody' }),
    refused: () => ({ body: { ...PERSON, token: setupToken }, as: 'nobody' }),
  },
  {
    route: post('api/auth/[...all]'),
    says: 'person.sign-in',
    subject: () => personId,
    by: () => personActor({ id: personId, email: PERSON.email, role: 'administrator' }),
    done: () => auth('sign-in/email', PERSON, 'nobody'),
    refused: () => auth('sign-in/email', { ...PERSON, password: 'not the password' }, 'nobody'),
  },
  {
    route: post('api/auth/[...all]'),
    says: 'person.change-password',
    subject: () => personId,
    done: () => auth('change-password', { currentPassword: PERSON.password, newPassword: 'a quite other sentence' }),
    refused: () =>
      auth('change-password', { currentPassword: 'not the password', newPassword: 'one more other sentence' }),
  },
  {
    route: post('api/v1/tokens'),
    says: 'token.create',
    subject: apiKey,
    done: () => ({ body: { name: 'ci', scopes: ['read'] }, as: 'person' }),
    refused: () => ({ body: { name: 'ci', scopes: ['read'] }, as: 'token' }),
  },
  {
    route: post('api/v1/invitations'),
    says: 'invitation.create',
    subject: linkId,
    done: () => ({ body: { email: 'ben@example.org', role: 'analyst' }, as: 'person' }),
    refused: () => ({ body: { email: PERSON.email, role: 'analyst' }, as: 'person' }),
  },
  {
    route: 'DELETE app/api/v1/invitations/[invitationId]/route.ts',
    says: 'invitation.revoke',
    subject: linkId,
    done: async () => ({ params: { invitationId: await linkId() }, as: 'person' }),
    refused: () => ({ params: { invitationId: UNKNOWN_ID }, as: 'person' }),
  },
  {
    route: post('api/v1/people/[personId]/password-link'),
    says: 'person.reset-password',
    subject: () => auditorId,
    done: () => ({ params: { personId: auditorId }, as: 'person' }),
    refused: () => ({ params: { personId: 'nobody' }, as: 'person' }),
  },
  {
    route: post('api/v1/links'),
    says: 'person.set-password',
    subject: () => personId,
    by: () => personActor({ id: personId, email: PERSON.email, role: 'administrator' }),
    done: async () => {
      const { url } = await createPasswordLink(installation.ctx, { personId, actor: systemActor('furnisher') });
      linkToken = new URL(url).searchParams.get('token') ?? '';
      return { body: { token: linkToken, password: 'a third quite other sentence' }, as: 'nobody' };
    },
    refused: async () => {
      // It ended every session.
      session = await signedIn(installation.ctx, { email: PERSON.email, password: 'a third quite other sentence' });
      return { body: { token: linkToken, password: 'a fourth quite other sentence' }, as: 'nobody' };
    },
  },
  {
    route: 'DELETE app/api/v1/me/sessions/[sessionId]/route.ts',
    says: 'person.end-sessions',
    subject: () => personId,
    done: async () => {
      await signedIn(installation.ctx, { email: PERSON.email, password: 'a third quite other sentence' });
      const newest = installation.ctx.db.selectFrom('session').select('id').where('userId', '=', personId);
      const { id } = await newest.orderBy('createdAt', 'desc').limit(1).executeTakeFirstOrThrow();
      return { params: { sessionId: id }, as: 'person' };
    },
    refused: () => ({ params: { sessionId: 'none' }, as: 'person' }),
  },
  ...(
    [
      ['person.change-role', { role: 'analyst' }],
      ['person.change-role', { role: 'auditor' }],
      ['person.disable', { isDisabled: true }],
      ['person.enable', { isDisabled: false }],
    ] as const
  ).map(
    ([says, body]): Case => ({
      route: 'PATCH app/api/v1/people/[personId]/route.ts',
      says,
      subject: () => benId,
      done: async () => {
        benId ||= (await testPerson(installation.ctx, { ...PERSON, email: 'ben@example.org', role: 'auditor' })).id;
        return { params: { personId: benId }, body, as: 'person' };
      },
      refused: () => ({ params: { personId }, body: { role: 'auditor' }, as: 'person' }),
    }),
  ),
  {
    route: 'DELETE app/api/v1/people/[personId]/sessions/route.ts',
    says: 'person.end-sessions',
    subject: () => benId,
    done: async () => {
      await signedIn(installation.ctx, { email: 'ben@example.org', password: PERSON.password });
      return { params: { personId: benId }, as: 'person' };
    },
    refused: () => ({ params: { personId: benId }, as: 'token' }),
  },
  {
    route: post('api/v1/me/second-factor/app'),
    says: [],
    done: () => ({ body: { password: CHANGED_PASSWORD }, as: 'person' }),
    refused: () => ({ body: { password: 'not the password' }, as: 'person' }),
  },
  {
    route: post('api/v1/me/second-factor/app/confirm'),
    says: 'person.add-second-factor',
    subject: () => personId,
    done: async () => ({ body: { code: await appCode() }, as: 'person' }),
    refused: async () => ({ body: { code: await appCode() }, as: 'person' }),
  },
  {
    route: post('api/v1/me/second-factor/recovery-codes'),
    says: 'person.new-recovery-codes',
    subject: () => personId,
    done: async () => ({ body: { password: CHANGED_PASSWORD, code: await appCode() }, as: 'person' }),
    refused: () => ({ body: { password: CHANGED_PASSWORD, code: '000000' }, as: 'person' }),
  },
  {
    route: post('api/v1/sign-in/code'),
    says: 'person.sign-in',
    subject: () => personId,
    by: () => personActor({ id: personId, email: PERSON.email, role: 'administrator' }),
    done: async () => ({
      body: { code: await appCode() },
      headers: { cookie: (await keepPending(installation.ctx, PERSON.email)).split(';')[0] ?? '' },
      as: 'nobody',
    }),
    refused: async () => ({ body: { code: await appCode() }, as: 'nobody' }),
  },
  ...([true, false] as const).map(
    (requiresSecondFactor): Case => ({
      route: 'PUT app/api/v1/access-policy/route.ts',
      says: 'access-policy.change',
      subject: () => 'second-factor',
      done: () => ({ body: { requiresSecondFactor }, as: 'person' }),
      refused: () => ({ body: { requiresSecondFactor }, as: 'auditor' }),
    }),
  ),
  {
    route: 'DELETE app/api/v1/people/[personId]/second-factor/route.ts',
    says: 'person.reset-second-factor',
    subject: () => benId,
    done: async () => {
      const app = { person_id: benId, secret_sealed: '', created_at: new Date(), confirmed_at: new Date() };
      await installation.ctx.db.insertInto('totp_secrets').values(app).execute();
      return { params: { personId: benId }, as: 'person' };
    },
    refused: () => ({ params: { personId: benId }, as: 'person' }),
  },
  {
    route: post('api/v1/me/second-factor/app/remove'),
    says: 'person.remove-second-factor',
    subject: () => personId,
    done: async () => ({ body: { password: CHANGED_PASSWORD, code: await appCode() }, as: 'person' }),
    refused: () => ({ body: { password: CHANGED_PASSWORD, code: '000000' }, as: 'person' }),
  },
  {
    route: post('api/v1/me/passkeys/begin'),
    says: [],
    done: () => ({ body: { password: CHANGED_PASSWORD }, as: 'person' }),
    refused: () => ({ body: { password: 'not the password' }, as: 'person' }),
  },
  {
    route: post('api/v1/me/passkeys'),
    says: 'person.add-second-factor',
    subject: () => personId,
    done: async () => {
      const actor = personActor({ id: personId, email: PERSON.email, role: 'administrator' });
      const { options, cookie } = await beginPasskey(installation.ctx, { actor, password: CHANGED_PASSWORD });
      const headers = { cookie: `${session}; ${cookie.split(';')[0]}` };
      return { body: { name: 'laptop', response: passkey.make(options.challenge) }, headers, as: 'person' };
    },
    refused: () => ({ body: { name: 'laptop', response: passkey.make('bm9uZQ') }, as: 'person' }),
  },
  {
    route: post('api/v1/sign-in/passkey/begin'),
    says: [],
    done: () => ({ as: 'nobody' }),
    refused: () => ({ body: '[', as: 'nobody' }),
  },
  {
    route: post('api/v1/sign-in/passkey'),
    says: 'person.sign-in',
    subject: () => personId,
    by: () => personActor({ id: personId, email: PERSON.email, role: 'administrator' }),
    done: async () => {
      const { options, cookie } = await beginPasskeySignIn(installation.ctx);
      const headers = { cookie: cookie.split(';')[0] ?? '' };
      return { body: { response: passkey.answer(options.challenge) }, headers, as: 'nobody' };
    },
    refused: () => ({ body: { response: passkey.answer('bm9uZQ') }, as: 'nobody' }),
  },
  {
    route: post('api/v1/me/passkeys/[passkeyId]/remove'),
    says: 'person.remove-second-factor',
    subject: () => personId,
    done: async () => {
      const { db, now } = installation.ctx;
      const passkeyId = (await db.selectFrom('passkeys').select('id').executeTakeFirstOrThrow()).id;
      const made = await db.transaction().execute((tx) => replaceRecoveryCodes(tx, personId, now()));
      const code = made.codes[0] ?? '';
      return { params: { passkeyId }, body: { password: CHANGED_PASSWORD, code }, as: 'person' };
    },
    refused: () => ({ params: { passkeyId: UNKNOWN_ID }, body: { password: CHANGED_PASSWORD }, as: 'person' }),
  },
  {
    route: post('api/v1/share-links'),
    says: 'share-link.create',
    subject: later('share_links'),
    done: async () => ({ body: { of: { kind: 'report-run', id: await madeRun() } }, as: 'person' }),
    refused: () => ({ body: { of: { kind: 'report-run', id: UNKNOWN_ID } }, as: 'person' }),
  },
  {
    route: 'DELETE app/api/v1/share-links/[linkId]/route.ts',
    says: 'share-link.revoke',
    subject: later('share_links'),
    done: async () => ({ params: { linkId: await later('share_links')() }, as: 'person' }),
    refused: async () => ({ params: { linkId: await later('share_links')() }, as: 'person' }),
  },
  {
    route: post('api/v1/views'),
    says: 'view.create',
    subject: viewId,
    done: () => ({ body: { name: 'Denied', search: VIEW_SEARCH }, as: 'person' }),
    refused: () => ({ body: { name: 'denied', search: VIEW_SEARCH }, as: 'person' }),
  },
  {
    route: 'PATCH app/api/v1/views/[viewId]/route.ts',
    says: 'view.change',
    subject: viewId,
    done: async () => ({ params: { viewId: await viewId() }, body: { isShared: true }, as: 'person' }),
    refused: () => ({ params: { viewId: UNKNOWN_ID }, body: { isShared: true }, as: 'person' }),
  },
  {
    route: 'DELETE app/api/v1/views/[viewId]/route.ts',
    says: 'view.delete',
    done: async () => ({ params: { viewId: await viewId() }, as: 'person' }),
    refused: () => ({ params: { viewId: UNKNOWN_ID }, as: 'person' }),
  },
  {
    route: post('api/v1/rules'),
    says: 'rule.create',
    subject: () => RULE_ID,
    done: () => ({ body: { yaml: ruleText('bash') }, as: 'person' }),
    refused: () => ({ body: { yaml: 'title: none' }, as: 'person' }),
  },
  {
    route: post('api/v1/suppressions'),
    says: 'suppression.create',
    subject: later('suppressions'),
    done: () => ({ body: suppression(1), as: 'person' }),
    refused: () => ({ body: suppression(-1), as: 'person' }),
  },
  {
    route: post('api/v1/suppressions/[suppressionId]/end'),
    says: 'suppression.end',
    subject: later('suppressions'),
    done: async () => ({ params: { suppressionId: await later('suppressions')() }, as: 'person' }),
    refused: () => ({ params: { suppressionId: UNKNOWN_ID }, as: 'person' }),
  },
  {
    route: post('api/v1/rules/import'),
    says: 'rule.import',
    subject: () => IMPORTED_ID,
    done: () => ({ body: ruleText('csh').replace(RULE_ID, IMPORTED_ID), as: 'person' }),
    refused: () => ({ body: new Uint8Array([0x50, 0x4b, 3, 4]), as: 'person' }),
  },
  {
    route: 'PUT app/api/v1/rules/[ruleId]/route.ts',
    says: 'rule.edit',
    subject: () => RULE_ID,
    done: () => ({ params: { ruleId: RULE_ID }, body: { yaml: ruleText('sh'), version: 1 }, as: 'person' }),
    refused: () => ({ params: { ruleId: RULE_ID }, body: { yaml: ruleText('zsh'), version: 1 }, as: 'person' }),
  },
  {
    route: 'PATCH app/api/v1/rules/[ruleId]/route.ts',
    says: 'rule.disable',
    subject: () => RULE_ID,
    done: () => ({ params: { ruleId: RULE_ID }, body: { isEnabled: false }, as: 'person' }),
    refused: () => ({ params: { ruleId: UNKNOWN_ID }, body: { isEnabled: false }, as: 'person' }),
  },
  {
    route: 'PATCH app/api/v1/rules/[ruleId]/route.ts',
    says: 'rule.enable',
    subject: () => RULE_ID,
    done: () => ({ params: { ruleId: RULE_ID }, body: { isEnabled: true }, as: 'person' }),
    refused: () => ({ params: { ruleId: RULE_ID }, body: {}, as: 'person' }),
  },
  {
    route: post('api/v1/rules/[ruleId]/backfill'),
    says: 'rule.backfill',
    subject: () => RULE_ID,
    done: () => ({ params: { ruleId: RULE_ID }, as: 'person' }),
    refused: () => ({ params: { ruleId: UNKNOWN_ID }, as: 'person' }),
  },
  {
    route: 'DELETE app/api/v1/rules/[ruleId]/backfill/route.ts',
    says: 'rule.cancel-backfill',
    subject: () => RULE_ID,
    // It may have ended by now.
    done: async () => {
      await installation.ctx.db
        .updateTable('rule_backfills')
        .set({ state: 'running' })
        .where('rule_id', '=', RULE_ID)
        .execute();
      return { params: { ruleId: RULE_ID }, as: 'person' };
    },
    refused: () => ({ params: { ruleId: UNKNOWN_ID }, as: 'person' }),
  },
  {
    route: post('api/v1/notifications/destinations'),
    says: 'destination.create',
    subject: destinationId,
    done: () => ({ body: DESTINATION, as: 'person' }),
    refused: () => ({ body: { ...DESTINATION, name: 'NOBODY' }, as: 'person' }),
  },
  {
    route: 'PATCH app/api/v1/notifications/destinations/[destinationId]/route.ts',
    says: 'destination.change',
    subject: destinationId,
    done: async () => ({ params: { destinationId: await destinationId() }, body: { isEnabled: false }, as: 'person' }),
    refused: () => ({ params: { destinationId: UNKNOWN_ID }, body: { isEnabled: true }, as: 'person' }),
  },
  {
    route: post('api/v1/notifications/destinations/[destinationId]/test'),
    says: 'destination.test',
    subject: destinationId,
    done: async () => ({ params: { destinationId: await destinationId() }, as: 'person' }),
    refused: () => ({ params: { destinationId: UNKNOWN_ID }, as: 'person' }),
  },
  {
    route: post('api/v1/notifications/deliveries/[deliveryId]/retry'),
    says: 'delivery.retry',
    subject: deliveryId,
    done: async () => ({ params: { deliveryId: await deliveryId() }, as: 'person' }),
    refused: () => ({ params: { deliveryId: UNKNOWN_ID }, as: 'person' }),
  },
  {
    route: 'DELETE app/api/v1/notifications/destinations/[destinationId]/route.ts',
    says: 'destination.delete',
    done: async () => ({ params: { destinationId: await destinationId() }, as: 'person' }),
    refused: () => ({ params: { destinationId: UNKNOWN_ID }, as: 'person' }),
  },
  {
    route: 'DELETE app/api/v1/tokens/[tokenId]/route.ts',
    says: 'token.revoke',
    done: async () => ({ params: { tokenId: await apiKey() }, as: 'person' }),
    refused: () => ({ params: { tokenId: 'none' }, as: 'person' }),
  },
  {
    route: post('api/v1/sample-data'),
    says: Array.from({ length: 8 }, () => 'chain.upload' as const),
    done: () => ({ as: 'person' }),
    refused: () => ({ as: 'token' }),
  },
  {
    route: 'PUT app/api/v1/uploads/[fileName]/route.ts',
    says: 'chain.upload',
    subject: () => chainId('put'),
    done: () => ({ params: { fileName: 'put' }, body: bytes(lines('put')) }),
    refused: () => ({ params: { fileName: 'put other' }, body: 'no log\n' }),
  },
  {
    route: post('api/v1/uploads/[fileName]'),
    says: 'chain.upload',
    subject: () => chainId('posted'),
    done: () => ({ params: { fileName: 'posted' }, body: bytes(lines('posted')), as: 'person' }),
    refused: () => ({ params: { fileName: 'posted other' }, body: 'no log\n' }),
  },
  {
    route: post('api/v1/resumable/[[...id]]'),
    says: 'chain.upload',
    subject: () => chainId('tus'),
    done: () => ({
      headers: { ...tus, 'upload-length': String(lines('tus').length), 'upload-metadata': `filename ${btoa('tus')}` },
      body: bytes(lines('tus')),
    }),
    refused: () => ({
      headers: { ...tus, 'upload-length': '7', 'upload-metadata': `filename ${btoa('other')}` },
      body: 'no log\n',
    }),
  },
  {
    route: 'PATCH app/api/v1/resumable/[[...id]]/route.ts',
    says: 'chain.upload',
    subject: () => chainId('parts'),
    done: async () => ({
      params: { id: [await begun('parts', lines('parts').length)] },
      headers: { ...tus, 'upload-offset': '0' },
      body: bytes(lines('parts')),
      as: 'person',
    }),
    refused: async () => ({
      params: { id: [await begun('other', 7)] },
      headers: { ...tus, 'upload-offset': '0' },
      body: 'no log\n',
      as: 'token',
    }),
  },
  {
    route: post('api/v1/chains/[chainId]/records'),
    says: 'chain.append',
    subject: () => chainId('grows'),
    done: () => ({ params: { chainId: 'grows' }, body: bytes(lines('grows')) }),
    refused: () => ({ params: { chainId: 'grows' }, headers: { 'upload-offset': '1' }, body: bytes(lines('grows')) }),
  },
  {
    route: post('api/v1/chains/[chainId]/close'),
    says: 'chain.close',
    done: async () => ({ params: { chainId: await chainId('open') }, as: 'person' }),
    refused: () => ({ params: { chainId: UNKNOWN_ID } }),
  },
  {
    route: post('api/v1/ingest/[chain]'),
    says: 'chain.append',
    subject: () => chainId('vector'),
    done: () => ({ params: { chain: 'vector' }, body: bytes(lines('vector')) }),
    refused: () => ({ params: { chain: 'vector other' }, body: 'no log\n' }),
  },
  {
    route: post('services/collector/[[...rest]]'),
    says: 'chain.append',
    subject: () => chainId('hec'),
    done: () => ({ params: { rest: ['raw'] }, query: '?source=hec', body: bytes(lines('hec')) }),
    refused: () => ({ params: { rest: ['raw'] }, query: '?source=hec', body: bytes(lines('hec')), as: 'nobody' }),
  },
  {
    route: post('elastic/[[...path]]'),
    says: 'chain.append',
    subject: () => chainId('bulk'),
    done: () => ({
      params: { path: ['_bulk'] },
      body: text('bulk')
        .map((line) => `{"create":{"_index":"bulk"}}\n${line}\n`)
        .join(''),
    }),
    refused: () => ({ params: { path: ['_bulk'] }, body: '' }),
  },
  {
    route: 'PUT app/elastic/[[...path]]/route.ts',
    says: 'chain.append',
    subject: () => chainId('bulk put'),
    done: () => ({
      params: { path: ['_bulk'] },
      body: text('bulk put')
        .map((line) => `{"create":{"_index":"bulk put"}}\n${line}\n`)
        .join(''),
    }),
    refused: () => ({ params: { path: ['_bulk'] }, body: '' }),
  },
  {
    route: post('loki/api/v1/push'),
    says: 'chain.append',
    subject: () => chainId('loki'),
    done: () => ({
      body: {
        streams: [
          { stream: { sealtrail_chain: 'loki' }, values: text('loki').map((line, index) => [String(index + 1), line]) },
        ],
      },
    }),
    refused: () => ({ body: { streams: [{ stream: {}, values: [['x', 'y']] }] } }),
  },
  {
    route: post('v1/logs'),
    says: 'chain.append',
    subject: () => chainId('otlp'),
    done: () => ({ body: otlp('otlp', text('otlp')) }),
    refused: () => ({ body: '{' }),
  },
  {
    route: post('api/v1/chains/[chainId]/alarms'),
    says: 'alarm.raise',
    subject: () => chainId('grows'),
    done: () => ({
      params: { chainId: 'grows' },
      body: {
        id: randomUUID(),
        kind: 'truncated',
        at: 5,
        detail: 'the file is shorter',
        raisedAt: '2026-01-01T00:00:00Z',
      },
    }),
    refused: () => ({
      params: { chainId: 'nothing' },
      body: { id: randomUUID(), kind: 'truncated', at: 5, detail: 'x', raisedAt: '2026-01-01T00:00:00Z' },
    }),
  },
  {
    route: post('api/v1/chains/[chainId]/sidecars/[name]'),
    says: 'sidecar.add',
    subject: later('sidecars'),
    done: async () => ({
      params: { chainId: await chainId('nono'), name: 'session.json' },
      body: fixtureText('nono', 'session.json'),
    }),
    refused: async () => ({
      params: { chainId: await chainId('walked'), name: 'session.json' },
      body: fixtureText('nono', 'session.json'),
    }),
  },
  {
    route: 'PATCH app/api/v1/chains/[chainId]/sidecars/[name]/route.ts',
    says: 'sidecar.set-aside',
    subject: later('sidecars'),
    done: async () => ({
      params: { chainId: await chainId('nono'), name: await later('sidecars')() },
      body: { counts: false },
      as: 'person',
    }),
    refused: async () => ({
      params: { chainId: await chainId('nono'), name: UNKNOWN_ID },
      body: { counts: true },
      as: 'person',
    }),
  },
  {
    route: 'PATCH app/api/v1/chains/[chainId]/sidecars/[name]/route.ts',
    says: 'sidecar.count',
    subject: later('sidecars'),
    done: async () => ({
      params: { chainId: await chainId('nono'), name: await later('sidecars')() },
      body: { counts: true },
      as: 'person',
    }),
    refused: async () => ({
      params: { chainId: await chainId('nono'), name: await later('sidecars')() },
      body: { counts: false },
      as: 'token',
    }),
  },
  {
    route: post('api/v1/guardrail-keys'),
    says: 'guardrail-key.add',
    subject: later('tool_keys'),
    done: () => ({ body: { name: 'gateway', publicKeyPem: pem() }, as: 'person' }),
    refused: () => ({ body: { name: 'gateway', publicKeyPem: 'none' }, as: 'person' }),
  },
  {
    route: post('api/v1/guardrail-keys/[keyId]/retire'),
    says: 'guardrail-key.retire',
    subject: later('tool_keys'),
    done: async () => ({ params: { keyId: await later('tool_keys')() }, as: 'person' }),
    refused: () => ({ params: { keyId: UNKNOWN_ID }, as: 'person' }),
  },
  ...(
    [
      ['finding.acknowledge', { status: 'in_progress' }],
      ['finding.hold', { status: 'on_hold' }],
      ['finding.assign', { assigneeId: null }],
      ['finding.judge', { verdict: 'suspicious' }],
      ['finding.resolve', { status: 'resolved', verdict: 'benign' }],
      ['finding.close', { status: 'closed', verdict: 'false_positive' }],
      ['finding.reopen', { status: 'new' }],
    ] as const
  ).map(
    ([says, body]): Case => ({
      route: 'PATCH app/api/v1/findings/[findingId]/route.ts',
      says,
      subject: () => ids['finding'] ?? '',
      done: async () => ({ params: { findingId: await finding() }, body, as: 'person' }),
      refused: () => ({ params: { findingId: ids['finding'] ?? '' }, body, as: 'token' }),
    }),
  ),
  {
    route: 'PATCH app/api/v1/findings/route.ts',
    says: 'finding.acknowledge',
    subject: () => ids['finding'] ?? '',
    done: async () => ({ body: { ids: [await finding()], change: { status: 'in_progress' } }, as: 'person' }),
    refused: async () => ({ body: { ids: [await finding()], change: { status: 'closed' } }, as: 'person' }),
  },
  {
    route: post('api/v1/findings/changes/[changeId]/undo'),
    says: 'finding.undo',
    subject: () => ids['finding'] ?? '',
    done: async () => ({ params: { changeId: await newestChange() }, as: 'person' }),
    refused: () => ({ params: { changeId: UNKNOWN_ID }, as: 'person' }),
  },
  {
    route: post('api/v1/findings/[findingId]/comments'),
    says: 'finding.comment',
    subject: () => ids['finding'] ?? '',
    done: async () => ({ params: { findingId: await finding() }, body: { text: 'looked at' }, as: 'person' }),
    refused: async () => ({ params: { findingId: await finding() }, body: { text: ' ' }, as: 'person' }),
  },
  {
    route: post('api/v1/cases'),
    says: 'case.create',
    subject: later('cases'),
    done: async () => ({ body: { title: 'One story', findingIds: [await finding()] }, as: 'person' }),
    refused: () => ({ body: { title: 'One story', findingIds: [UNKNOWN_ID] }, as: 'person' }),
  },
  ...(
    [
      ['case.change', '', { status: 'in_progress', note: 'begun' }],
      ['case.note', '', { note: 'asked the owner' }],
      ['case.gather', '/findings', { remove: 'the finding' }],
    ] as const
  ).map(
    ([says, under, body]): Case => ({
      route: `PATCH app/api/v1/cases/[caseId]${under}/route.ts`,
      says,
      subject: later('cases'),
      done: async () => ({
        params: { caseId: await later('cases')() },
        body: 'remove' in body ? { remove: [await finding()] } : body,
        as: 'person',
      }),
      refused: () => ({ params: { caseId: UNKNOWN_ID }, body: 'remove' in body ? { remove: [] } : body, as: 'person' }),
    }),
  ),
  {
    route: 'PUT app/api/v1/attestation-policy/route.ts',
    says: 'policy.set',
    subject: () => 'installation',
    done: () => ({ body: policy, as: 'person' }),
    refused: () => ({ body: {}, as: 'person' }),
  },
  {
    route: 'PUT app/api/v1/chains/[chainId]/attestation-policy/route.ts',
    says: 'policy.set',
    subject: () => chainId('walked'),
    done: async () => ({ params: { chainId: await chainId('walked') }, body: policy, as: 'person' }),
    refused: () => ({ params: { chainId: UNKNOWN_ID }, body: policy, as: 'person' }),
  },
  {
    route: 'DELETE app/api/v1/chains/[chainId]/attestation-policy/route.ts',
    says: 'policy.reset',
    subject: () => chainId('walked'),
    done: async () => ({ params: { chainId: await chainId('walked') }, as: 'person' }),
    refused: () => ({ params: { chainId: UNKNOWN_ID }, as: 'person' }),
  },
  {
    route: post('api/v1/chains/[chainId]/attestations'),
    says: 'attestation-request.create',
    subject: request,
    done: async () => ({
      params: { chainId: await chainId('walked') },
      body: { scope: { kind: 'range', first: 1, last: 2 } },
    }),
    refused: () => ({ params: { chainId: UNKNOWN_ID }, body: {} }),
  },
  {
    route: post('api/v1/attestations/[attestationId]/supersede'),
    says: 'attestation-request.create',
    subject: request,
    done: () => ({ params: { attestationId: ids['attestation'] ?? '' }, as: 'person' }),
    refused: () => ({ params: { attestationId: UNKNOWN_ID } }),
  },
  {
    route: post('api/v1/attestations/[attestationId]/withdraw'),
    says: 'attestation.withdraw',
    subject: () => ids['attestation'] ?? '',
    done: () => ({ params: { attestationId: ids['attestation'] ?? '' }, body: { reason: 'a mistake' }, as: 'person' }),
    refused: () => ({ params: { attestationId: ids['attestation'] ?? '' }, body: { reason: '' }, as: 'person' }),
  },
  {
    route: post('api/v1/attestations'),
    says: 'attestation-request.create',
    subject: request,
    done: async () => ({
      body: {
        scope: {
          kind: 'period',
          from: '2020-01-01T00:00:00Z',
          to: '2030-01-01T00:00:00Z',
          chainIds: [await chainId('walked')],
        },
      },
    }),
    refused: () => ({ body: { scope: { kind: 'period' } } }),
  },
  {
    route: post('api/v1/packages'),
    says: 'package.request',
    subject: later('packages'),
    done: async () => ({ body: { of: { kind: 'chain', chainId: await chainId('walked') } } }),
    refused: () => ({ body: { of: { kind: 'chain', chainId: UNKNOWN_ID } } }),
  },
  {
    route: post('api/v1/reports/definitions'),
    says: 'report-definition.create',
    subject: later('report_definitions'),
    done: () => ({ body: { name: 'A report', period: { of: 'last-month' } }, as: 'person' }),
    refused: () => ({ body: { name: 'a report', period: { of: 'last-week' } }, as: 'person' }),
  },
  {
    route: 'PATCH app/api/v1/reports/definitions/[definitionId]/route.ts',
    says: 'report-definition.change',
    subject: later('report_definitions'),
    done: async () => ({
      params: { definitionId: await later('report_definitions')() },
      body: { bom: true },
      as: 'person',
    }),
    refused: () => ({ params: { definitionId: UNKNOWN_ID }, body: { bom: true }, as: 'person' }),
  },
  {
    route: post('api/v1/reports/definitions/[definitionId]/run'),
    says: 'report-run.request',
    subject: later('report_runs'),
    done: async () => ({ params: { definitionId: await later('report_definitions')() }, as: 'person' }),
    refused: () => ({ params: { definitionId: UNKNOWN_ID }, as: 'person' }),
  },
  {
    route: post('api/v1/reports/definitions/run'),
    says: 'report-run.request',
    subject: later('report_runs'),
    done: () => ({ body: { kind: 'usage', period: { of: 'last-quarter' } }, as: 'person' }),
    refused: () => ({
      body: { kind: 'incident', period: { of: 'findings' }, incident: { findingIds: [UNKNOWN_ID] } },
      as: 'person',
    }),
  },
  {
    route: 'DELETE app/api/v1/reports/definitions/[definitionId]/route.ts',
    says: 'report-definition.delete',
    done: async () => ({ params: { definitionId: await later('report_definitions')() }, as: 'person' }),
    refused: () => ({ params: { definitionId: UNKNOWN_ID }, as: 'person' }),
  },
  {
    route: post('api/v1/report-runs'),
    says: 'report-run.request',
    subject: later('report_runs'),
    done: () => ({ body: { from: '2026-05-01T00:00:00Z', to: '2026-06-01T00:00:00Z' }, as: 'person' }),
    refused: () => ({ body: { from: '2026-06-01T00:00:00Z', to: '2026-05-01T00:00:00Z' }, as: 'person' }),
  },
  {
    route: post('api/v1/report-runs/[runId]/cancel'),
    says: 'report-run.cancel',
    subject: later('report_runs'),
    done: async () => ({ params: { runId: await waitingRun() }, as: 'person' }),
    refused: () => ({ params: { runId: UNKNOWN_ID }, as: 'person' }),
  },
  {
    route: post('api/v1/stuck-jobs/retry'),
    says: 'job.retry',
    subject: () => chainId('walked'),
    done: async () => ({ body: { chainId: await failed() }, as: 'person' }),
    refused: () => ({ body: { chainId: 'none' } }),
  },
  {
    route: 'PUT app/api/v1/retention/policy/route.ts',
    says: 'retention.set',
    subject: () => 'installation',
    done: () => ({ body: { keepDays: 200 }, as: 'person' }),
    refused: () => ({ body: { keepDays: 0 }, as: 'person' }),
  },
  {
    route: 'PUT app/api/v1/chains/[chainId]/retention/route.ts',
    says: 'retention.set',
    subject: () => chainId('walked'),
    done: async () => ({ params: { chainId: await chainId('walked') }, body: { keepDays: 1 }, as: 'person' }),
    refused: () => ({ params: { chainId: UNKNOWN_ID }, body: { keepDays: 1 }, as: 'person' }),
  },
  {
    route: 'DELETE app/api/v1/chains/[chainId]/retention/route.ts',
    says: 'retention.reset',
    subject: () => chainId('walked'),
    done: async () => ({ params: { chainId: await chainId('walked') }, as: 'person' }),
    refused: () => ({ params: { chainId: UNKNOWN_ID }, as: 'person' }),
  },
  {
    route: post('api/v1/chains/[chainId]/holds'),
    says: 'hold.place',
    subject: later('legal_holds'),
    done: async () => ({ params: { chainId: await chainId('walked') }, body: { reason: 'a case' }, as: 'person' }),
    refused: () => ({ params: { chainId: UNKNOWN_ID }, body: { reason: 'a case' }, as: 'person' }),
  },
  {
    route: 'DELETE app/api/v1/chains/[chainId]/holds/[holdId]/route.ts',
    says: 'hold.lift',
    subject: later('legal_holds'),
    done: async () => ({
      params: { chainId: await chainId('walked'), holdId: await later('legal_holds')() },
      as: 'person',
    }),
    refused: async () => ({ params: { chainId: await chainId('walked'), holdId: UNKNOWN_ID }, as: 'person' }),
  },
  {
    route: post('api/v1/chains/[chainId]/deletion'),
    says: 'chain.request-deletion',
    subject: () => chainId('expired'),
    done: expired,
    refused: () => ({ params: { chainId: UNKNOWN_ID }, body: { head: null, records: 0 }, as: 'person' }),
  },
  {
    route: post('api/v1/signing-keys/rotate'),
    says: 'signing-key.rotate',
    done: () => ({ as: 'person' }),
    refused: () => ({ as: 'token' }),
  },
  {
    route: post('api/v1/workspaces'),
    says: 'workspace.create',
    subject: () => 'team-b',
    done: () => ({ body: { id: 'team-b', name: 'Team B' }, as: 'person' }),
    refused: () => ({ body: { id: 'team-b', name: 'Team B' }, as: 'person' }),
  },
  {
    route: post('api/v1/chains/[chainId]/seal'),
    says: 'chain.seal',
    subject: () => chainId('walked'),
    done: async () => ({ params: { chainId: await chainId('walked') } }),
    refused: () => ({ params: { chainId: UNKNOWN_ID } }),
  },
  {
    route: post('api/auth/[...all]'),
    says: 'person.sign-out',
    subject: () => personId,
    done: () => auth('sign-out', {}),
    refused: () => auth('sign-out/of', {}),
  },
];

/** What takes one of the methods and changes nothing that is kept. */
const NO_ACTION: Record<string, string> = {
  [post('api/v1/suppressions/preview')]: 'keeps nothing of the filter it reads',
  [post('api/v1/rules/preview')]: 'keeps nothing of what it finds',
  [post('api/v1/rules/check')]: 'keeps nothing of the text it reads',
  'DELETE app/api/v1/resumable/[[...id]]/route.ts': 'gives up an upload of which nothing was taken in',
  'PUT app/api/v1/me/workspace/route.ts': 'is recorded in the workspace that is gone to; here there is none yet',
  [post('api/v1/me/invitations')]: 'is recorded in the workspace that is joined',
  'PUT app/api/v1/preferences/[name]/route.ts': 'keeps how something looks to one person, which nobody else sees',
  ...Object.fromEntries(
    CHANGING.map((method) => [`${method} app/api/v1/[...rest]/route.ts`, 'is no route, and says so']),
  ),
};

beforeAll(async () => {
  installation = await startInstallation({ SEALTRAIL_NOTIFY_ALLOW: '127.0.0.1/32' });
  const { ctx } = installation;
  Object.assign(globalThis, { sealtrailContext: Promise.resolve(ctx) }); // what `context()` gives
  setupToken = new URL((await prepareFirstRun(ctx)).setupUrl ?? '').searchParams.get('token') ?? '';
}, 180_000);
afterAll(() => installation?.stop());

/** What an auditor may do too: it is about themself, or nobody is signed in. */
const OWN = new Set<ActionName | readonly ActionName[]>([
  'person.create',
  'person.sign-in',
  'person.sign-out',
  'person.change-password',
  'person.set-password',
  'view.create',
  'view.change',
  'view.delete',
]);

/** What the others need, once there is a person. */
async function furnish(): Promise<void> {
  const { ctx } = installation;
  const actor = systemActor('furnisher');
  await installation.work();
  personId = (await ctx.db.selectFrom('user').select('id').executeTakeFirstOrThrow()).id;
  const made = await createToken(ctx, { name: 'ada@example.org', scopes: ['ingest', 'read'], actor });
  [token, tokenId] = [made.token, made.id];
  const auditor = { name: 'Olu', email: 'olu@example.org', password: 'a sentence of an auditor' };
  auditorId = (await testPerson(ctx, { ...auditor, role: 'auditor' })).id;
  auditorSession = await signedIn(ctx, auditor);
  const theirs = personActor({ id: auditorId, email: auditor.email, role: 'auditor' });
  auditorToken = (await createToken(ctx, { name: 'audit', scopes: ['ingest', 'read'], actor: theirs })).token;
  const walked = await ingestUpload(ctx, {
    fileName: 'a.jsonl',
    chain: 'walked',
    body: Readable.from([fixture('occasio', 'valid')]),
    actor,
  });
  await ingestUpload(ctx, {
    fileName: 'a.ndjson',
    chain: 'nono',
    body: Readable.from([fixture('nono', 'valid')]),
    actor,
  });
  await appendRecords(ctx, {
    chain: 'open',
    bytes: lines('open'),
    precondition: { kind: 'lines' },
    idempotency: null,
    actor,
  });
  await installation.settled(walked.chainId);
  ids['attestation'] = (await listAttestations(ctx, { chainId: walked.chainId, limit: 1 })).items[0]?.id ?? '';
}

/** The first that the rules find in the sample data. */
/** The newest change of several findings. */
async function newestChange(): Promise<string> {
  const { change_id: id } = await installation.ctx.db
    .selectFrom('finding_acts')
    .select('change_id')
    .where('change_id', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return id ?? '';
}

async function finding(): Promise<string> {
  const { db } = installation.ctx;
  ids['finding'] ??= await vi.waitUntil(
    async () =>
      (await db.selectFrom('findings').select('id').where('status', '=', 'new').limit(1).executeTakeFirst())?.id,
    { timeout: 60_000, interval: 200 },
  );
  return ids['finding'];
}

async function begun(fileName: string, sizeBytes: number): Promise<string> {
  const made = await ask(post('api/v1/resumable/[[...id]]'), {
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': String(sizeBytes),
      'upload-metadata': `filename ${btoa(fileName)}`,
    },
    as: fileName === 'other' ? 'token' : 'person',
  });
  return made.headers.get('location')?.split('/').at(-1) ?? '';
}

async function failed(): Promise<string> {
  const id = await chainId('walked');
  const at = new Date(Date.now() + 3_600_000);
  await installation.ctx.db
    .insertInto('job_failures')
    .values({
      kind: 'load-chain',
      key: id,
      chain_id: id,
      payload: '{}',
      attempts: 9,
      cause: 'x',
      build: 'x',
      first_failed_at: at,
      last_failed_at: at,
      next_try_at: at,
      queued_at: null,
    })
    .execute();
  return id;
}

async function ask(
  route: string,
  { params = {}, query = '', headers = {}, body, as = 'token' }: Requested,
): Promise<Response> {
  const [method = '', file = ''] = [route.slice(0, route.indexOf(' ')), route.slice(route.indexOf(' ') + 1)];
  const module = (await import(path.join(ROOT, file))) as Record<string, Handler>; // checked by the call
  const at = file
    .replace(/^app/, '')
    .replace(/\/route\.ts$/, '')
    .replaceAll(/\/\[{1,2}(?:\.\.\.)?(\w+)\]{1,2}/g, (_, name: string) =>
      [params[name] ?? []]
        .flat()
        .map((part) => `/${encodeURIComponent(part)}`)
        .join(''),
    );
  const { publicUrl } = installation.ctx.env;
  const who: Record<string, string> = {
    token: { authorization: `Bearer ${token}` },
    person: { cookie: session },
    auditor: { cookie: auditorSession },
    'token of an auditor': { authorization: `Bearer ${auditorToken}` },
    nobody: {},
  }[as];
  const content =
    body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const request = new Request(`${publicUrl}${at}${query}`, {
    method,
    headers: {
      origin: publicUrl,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/json',
      ...who,
      ...headers,
    },
    ...(content !== undefined && { body: content }),
  });
  const answer = await module[method]?.(request, { params: Promise.resolve(params) });
  if (!answer) throw new Error(`${file} has no ${method}`);
  const cookies = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  if (as !== 'auditor' && cookies.includes('session_token=') && answer.ok) session = cookies;
  await answer.clone().arrayBuffer();
  return answer;
}

/** Rows of whoever may have asked; what Sealtrail does by itself meanwhile is its own. */
const rows = () =>
  installation.ctx.db
    .selectFrom('audit_log')
    .selectAll()
    .where((eb) => eb.or([eb('actor_kind', '!=', 'system'), eb('actor_id', '=', BEFORE_ANYBODY.id)]))
    .orderBy('id')
    .execute();

describe('who did what is recorded once where it is done, and nowhere else', () => {
  it('knows every route that takes a changing method', () => {
    const there = globSync('app/**/route.ts', { cwd: ROOT }).flatMap((file) =>
      CHANGING.filter((method) =>
        new RegExp(`export (async )?(const|function) ${method}\\b|export \\{[^}]*\\b${method}\\b`).test(
          readFileSync(path.join(ROOT, file), 'utf8'),
        ),
      ).map((method) => `${method} ${file}`),
    );
    expect(there.toSorted()).toEqual(
      [...new Set([...CASES.map(({ route }) => route), ...Object.keys(NO_ACTION)])].toSorted(),
    );
  });

  it.each(CASES)('$route: $says', async ({ route, says, subject, by, done, refused }) => {
    const requested = await done();
    const before = await rows();
    const asAuditor: number[] = [];
    if (auditorId !== '' && !OWN.has(says) && !route.includes('/me/') && !route.includes('/sign-in/'))
      for (const as of ['auditor', 'token of an auditor'] as const)
        asAuditor.push((await ask(route, { ...requested, as })).status);
    expect(asAuditor).toEqual(asAuditor.map(() => 403));
    expect(await rows()).toEqual(before);
    const answer = await ask(route, requested);
    expect([answer.status, answer.ok ? '' : await answer.text()]).toEqual([expect.toBeOneOf([200, 201, 202, 204]), '']);
    const added = (await rows()).slice(before.length);
    if (personId === '') await furnish();
    const actor =
      by?.() ??
      (requested.as === 'person'
        ? personActor({ id: personId, email: PERSON.email, role: 'administrator' })
        : tokenActor({ id: tokenId, name: 'ada@example.org', role: 'administrator', chains: null }));
    const subjects = subject ? [await subject()] : added.map((row) => row.subject_id);
    expect(added).toEqual(
      [says].flat().map((action, index) =>
        expect.objectContaining({
          action,
          subject_id: subjects[index],
          actor_kind: actor.kind,
          actor_id: actor.id,
          actor_name: actor.name,
          actor_role: 'administrator',
          workspace_id: 'default',
        }),
      ),
    );

    const refusal = await refused();
    const still = await rows();
    expect((await ask(route, refusal)).status).toBeGreaterThanOrEqual(400);
    expect(await rows()).toEqual(still);
  });
});

it('what changes nothing when it is done again is no action again', async () => {
  const before = await rows();
  const again = [
    ['PUT app/api/v1/uploads/[fileName]/route.ts', { params: { fileName: 'put' }, body: bytes(lines('put')) }],
    [post('api/v1/chains/[chainId]/seal'), { params: { chainId: await chainId('walked') } }],
    [post('api/v1/chains/[chainId]/records'), { params: { chainId: 'grows' }, body: bytes(lines('grows')) }],
  ] as const;
  for (const [route, requested] of again) expect((await ask(route, requested)).ok).toBe(true);
  expect(await rows()).toEqual(before);
});

it('what was asked for and cannot be signed is dropped, and both are recorded', async () => {
  const before = await rows();
  const answer = await ask(post('api/v1/chains/[chainId]/attestations'), {
    params: { chainId: await chainId('walked') },
    body: { scope: { kind: 'session', session: 'never was' } },
  });
  expect(answer.status).toBe(404);
  const added = (await rows()).slice(before.length);
  expect(added.map(({ action, subject_id: id }) => [action, id])).toEqual([
    ['attestation-request.create', added[0]?.subject_id],
    ['attestation-request.drop', added[0]?.subject_id],
  ]);
});

it('one who appends again and again has begun once, and the segment names everybody who did', async () => {
  const { ctx } = installation;
  const written = text('together');
  const sent = (from: number, name: string) =>
    appendRecords(ctx, {
      chain: 'together',
      format: 'occasio',
      bytes: Buffer.from(`${written[from]}\n`),
      precondition: { kind: 'lines' },
      idempotency: null,
      actor: tokenActor({ id: name, name: 'same name', role: 'administrator', chains: null }),
    });
  await sent(0, 'one');
  await sent(1, 'two');
  const { chainId: id, offset } = await sent(2, 'one');
  const of = (action: ActionName) =>
    ctx.db
      .selectFrom('audit_log')
      .select(['actor_kind', 'actor_id', 'details'])
      .where('subject_id', '=', id)
      .where('action', '=', action)
      .orderBy('id')
      .execute();
  expect(await of('chain.append')).toEqual([
    { actor_kind: 'token', actor_id: 'one', details: { atByte: 0 } },
    { actor_kind: 'token', actor_id: 'two', details: { atByte: Buffer.byteLength(`${written[0]}\n`) } },
  ]);
  await ctx.db.updateTable('tails').set({ close_wanted: true }).where('chain_id', '=', id).execute();
  await ctx.db.transaction().execute((tx) => ctx.queue.send(tx, 'close-tail', { chainId: id }));
  const [closed] = await vi.waitUntil(
    async () => {
      const found = await of('chain.close-segment');
      return found.length > 0 && found;
    },
    { timeout: 30_000 },
  );
  expect(closed).toMatchObject({
    actor_kind: 'system',
    actor_id: 'worker',
    details: { sizeBytes: offset, appenders: ['token:one', 'token:two'] },
  });
});

it('a row larger than one may be is refused, and what it would record with it', async () => {
  const { append } = await import('@/lib/audit/append');
  const { ctx } = installation;
  const before = await rows();
  await expect(
    ctx.db.transaction().execute((tx) =>
      append(tx, tokenActor({ id: 'a', name: 'a', role: 'administrator', chains: null }), {
        action: 'chain.seal',
        subjectId: 'a',
        details: { text: 'x'.repeat(5_000) },
      }),
    ),
  ).rejects.toThrow('audit_log_details_check');
  expect(await rows()).toEqual(before);
});
