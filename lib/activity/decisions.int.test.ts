import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { personActor } from '../access/actor';
import { changePerson } from '../access/change-person';
import { createToken } from '../access/tokens';
import { createRule } from '../detect/own-rules/save-rule';
import type { Drift } from '../fsck/drift';
import { fsck } from '../fsck/fsck';
import { appendRecords } from '../ingest/append-records';
import { sealChain } from '../ingest/seal-chain';
import { getHealth } from '../ops/health';
import { testActor, testPerson } from '../testing/actor';
import { decideEverything } from '../testing/decisions';
import { fixture } from '../testing/fixtures';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { checkActivity } from './check-activity';

const RULE = `title: Shell
id: 6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a01
logsource: {product: ai_agent, service: guardrail}
detection: {shell: {tool: bash}, condition: shell}
level: low
`;
const OTHER_TEXT = `replace(yaml, 'bash', 'zsh')`;

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({ SEALTRAIL_URL: 'http://localhost:7325' }, { rules: 'one' });
  const { ctx } = installation;
  const password = 'correct horse battery staple';
  const ada = await testPerson(ctx, { name: 'Ada', email: 'ada@example.org', password, role: 'administrator' });
  const ben = await testPerson(ctx, { name: 'Ben', email: 'ben@example.org', password, role: 'analyst' });
  const actor = personActor({ id: ada.id, email: 'ada@example.org', role: 'administrator' });
  await changePerson(ctx, { personId: ben.id, role: 'auditor', actor });
  await createToken(ctx, { name: 'reads', scopes: ['read'], actor });
  await createToken(ctx, { name: 'sends', scopes: ['ingest'], chains: ['a', 'b*'], actor });
  const bytes = fixture('occasio', 'valid');
  for (const chain of ['open', 'sealed']) {
    const append = { precondition: { kind: 'lines' }, idempotency: null, actor } as const;
    const { chainId } = await appendRecords(ctx, { chain, bytes, ...append });
    if (chain === 'sealed') await sealChain(ctx, { chainId, actor: testActor('sealer') });
    else await decideEverything(ctx, { chainId });
  }
  await createRule(ctx, { yaml: RULE, note: 'kept', isEnabled: true, actor: testActor() });
}, 120_000);
afterAll(() => installation.stop(), 60_000);

const examine = async () => {
  const drifts: Drift[] = [];
  await fsck(installation.ctx, (drift) => drifts.push(drift), { only: ['activity', 'decisions'] });
  return drifts.map(({ at }) => `${at?.table}.${at?.column}`);
};

it.each([
  ['user.role', `UPDATE "user" SET role = 'administrator' WHERE email = 'ben@example.org'`],
  ['user.banned', `UPDATE "user" SET banned = true WHERE email = 'ben@example.org'`],
  [
    'user.role',
    `INSERT INTO "user" (id, name, email, role, "emailVerified", "createdAt", "updatedAt") VALUES ('eve', 'Eve', 'eve@example.org', 'administrator', true, now(), now())`,
  ],
  [
    'apikey.permissions',
    `UPDATE apikey SET permissions = replace(permissions, '"read"', '"ingest"') WHERE name = 'reads'`,
  ],
  ['apikey.permissions', `UPDATE apikey SET permissions = replace(permissions, 'b*', '*') WHERE name = 'sends'`],
  [
    'apikey.referenceId',
    `UPDATE apikey SET "referenceId" = (SELECT id FROM "user" WHERE email = 'ben@example.org') WHERE name = 'reads'`,
  ],
  ['chains.sealed_by', `UPDATE chains SET sealed_by = 'ada@example.org' WHERE name = 'sealed'`],
  ['chains.sealed_at', `UPDATE chains SET sealed_at = NULL WHERE name = 'sealed'`],
  ['chains.sealed_at', `UPDATE chains SET sealed_at = now() WHERE name = 'open'`],
  [
    'rule_settings.is_enabled',
    `UPDATE rule_settings SET is_enabled = false WHERE rule_id = '6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a01'`,
  ],
  ['rule_settings.is_enabled', `DELETE FROM rule_settings WHERE rule_id = '6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a01'`],
  [
    'rule_settings.is_enabled',
    `INSERT INTO rule_settings (rule_id, is_enabled, changed_by_id, changed_by, changed_at) VALUES ('b0a7e6d2-0d7f-4f0a-8f0c-2f4f6f0b1c01', false, 'x', 'x', now())`,
  ],
  [
    'rule_versions.yaml',
    `UPDATE rule_versions SET yaml = ${OTHER_TEXT}, digest = encode(sha256(convert_to(${OTHER_TEXT}, 'UTF8')), 'hex')`,
  ],
  ['rule_versions.saved_by', `UPDATE rule_versions SET saved_by = 'somebody'`],
  ['rule_versions.digest', `DELETE FROM rule_versions`],
  ['own_rules.version', `UPDATE own_rules SET version = 2`],
  ['own_rules.version', `DELETE FROM own_rules`],
  ['cases.*', `UPDATE cases SET title = 'Another story'`],
  ['cases.*', `UPDATE cases SET status = 'closed'`],
  ['cases.*', `INSERT INTO case_findings SELECT c.id, gen_random_uuid() FROM cases c`],
  ['cases.created_by', `UPDATE cases SET created_by = 'somebody'`],
  ['cases.*', `DELETE FROM cases`],
  ['case_acts.note', `UPDATE case_acts SET note = 'Nothing happened.'`],
  ['case_acts.actor_name', `UPDATE case_acts SET actor_name = 'somebody'`],
  ['case_acts.actor_id', `DELETE FROM case_acts`],
  [
    'finding_acts.actor_name',
    `INSERT INTO finding_acts (finding_id, acted_at, actor_kind, actor_id, actor_name, changes) VALUES (gen_random_uuid(), now(), 'person', 'x', 'x', '{}')`,
  ],
  ['views.*', `UPDATE views SET name = 'Allowed'`],
  ['views.*', `UPDATE views SET is_shared = NOT is_shared`],
  ['views.*', `UPDATE views SET search = search || '{"q": "decision:allow"}'`],
  ['views.owner_id', `UPDATE views SET owner_id = 'somebody'`],
  ['views.*', `DELETE FROM views`],
  ['legal_holds.lifted_at', `UPDATE legal_holds SET lifted_at = now(), lifted_by = 'ada@example.org'`],
  ['legal_holds.reason', `UPDATE legal_holds SET reason = 'none'`],
  ['legal_holds.*', `DELETE FROM legal_holds`],
  ['retention_policies.keep_days', `UPDATE retention_policies SET keep_days = 1 WHERE chain_id IS NULL`],
  ['retention_policies.keep_days', `UPDATE retention_policies SET keep_days = 1 WHERE chain_id IS NOT NULL`],
  ['retention_policies.*', `DELETE FROM retention_policies WHERE chain_id IS NOT NULL`],
  [
    'retention_policies.*',
    `INSERT INTO retention_policies (chain_id, keep_days, set_by, set_at) SELECT id, 1, 'ada@example.org', now() FROM chains WHERE name = 'sealed'`,
  ],
  ['report_definitions.*', `UPDATE report_definitions SET content = content || '{"bom": true}'`],
  ['report_definitions.*', `UPDATE report_definitions SET schedule = schedule || '{"day": 2}'`],
  ['report_definitions.*', `UPDATE report_definitions SET is_paused = true`],
  ['report_definitions.created_by', `UPDATE report_definitions SET created_by = 'somebody'`],
  ['report_definitions.*', `DELETE FROM report_definitions`],
  ['report_definition_destinations.*', `DELETE FROM report_definition_destinations`],
  ['notification_destinations.*', `UPDATE notification_destinations SET address = 'hooks.example.com'`],
  ['notification_destinations.*', `DELETE FROM notification_destinations`],
  ['access_links.role', `UPDATE access_links SET role = 'administrator' WHERE kind = 'invitation'`],
  ['access_links.token_sha256', `UPDATE access_links SET token_sha256 = repeat('0', 64)`],
  ['access_links.expires_at', `UPDATE access_links SET expires_at = expires_at + interval '1 year'`],
  ['access_policy.requires_second_factor', `UPDATE access_policy SET requires_second_factor = false`],
  ['access_policy.requires_second_factor', `DELETE FROM access_policy`],
  [
    'account.password',
    `UPDATE account SET password = (SELECT password FROM account WHERE "userId" <> a."userId" LIMIT 1) FROM account a WHERE a.id = account.id`,
  ],
  ['account.password', `UPDATE account SET password = NULL`],
  ['passkeys.public_key', `UPDATE passkeys SET public_key = public_key || '\\x00'`],
  ['passkeys.person_id', `UPDATE passkeys SET person_id = 'somebody'`],
  ['passkeys.refused_at', `UPDATE passkeys SET refused_at = now()`],
  ['passkeys.*', `DELETE FROM passkeys`],
  [
    'passkeys.*',
    `INSERT INTO passkeys (credential_id, person_id, name, public_key, counter, transports, is_backed_up, created_at) SELECT 'other', person_id, name, public_key, 0, transports, false, now() FROM passkeys`,
  ],
  ['totp_secrets.secret_sealed', `UPDATE totp_secrets SET secret_sealed = 'x'`],
  ['totp_secrets.confirmed_at', `DELETE FROM totp_secrets`],
  [
    'recovery_codes.code_sha256',
    `UPDATE recovery_codes SET code_sha256 = repeat('0', 64) WHERE code_sha256 = (SELECT min(code_sha256) FROM recovery_codes)`,
  ],
])('%s that was changed by hand is told: %s', async (told, statement) => {
  const { db } = installation.ctx;
  expect(await examine()).toEqual([]);
  const undone = new Error('undone');
  await expect(
    db.transaction().execute(async (tx) => {
      await sql`SET LOCAL session_replication_role = replica`.execute(tx);
      await sql`${sql.raw(statement)}`.execute(tx);
      const drifts: Drift[] = [];
      await fsck({ ...installation.ctx, db: tx }, (drift) => drifts.push(drift), { only: ['decisions'] });
      expect(drifts.map(({ at }) => `${at?.table}.${at?.column}`)).toContain(told);
      throw undone;
    }),
  ).rejects.toBe(undone);
});

it('the worker tells of it too, until it is put right', async () => {
  const { ctx } = installation;
  const set = (role: string) =>
    ctx.db.updateTable('user').set({ role }).where('email', '=', 'ben@example.org').execute();
  await set('administrator');
  await checkActivity(ctx, { everyMs: 0 });
  expect(await getHealth(ctx)).toMatchObject({
    status: 'degraded',
    cause: 'one row of the database is not what the chain of actions says; fsck names it',
  });
  await set('auditor');
  // Not due yet.
  await checkActivity(ctx, { everyMs: 3_600_000 });
  const differences = async () =>
    (await ctx.db.selectFrom('activity_carry').select('differences').executeTakeFirstOrThrow()).differences;
  expect(await differences()).toBe(1);
  await checkActivity(ctx, { everyMs: 0 });
  expect(await differences()).toBe(0);
});
