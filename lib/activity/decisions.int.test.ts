import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { personActor } from '../access/actor';
import { changePerson } from '../access/change-person';
import { createToken } from '../access/tokens';
import type { Drift } from '../fsck/drift';
import { fsck } from '../fsck/fsck';
import { appendRecords } from '../ingest/append-records';
import { sealChain } from '../ingest/seal-chain';
import { getHealth } from '../ops/health';
import { testActor, testPerson } from '../testing/actor';
import { fixture } from '../testing/fixtures';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { checkActivity } from './check-activity';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
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
  }
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
])('%s that was changed by hand is told', async (told, statement) => {
  const { db } = installation.ctx;
  expect(await examine()).toEqual([]);
  const undone = new Error('undone');
  await expect(
    db.transaction().execute(async (tx) => {
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
