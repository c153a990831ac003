import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { answerBrowser } from '../access/answer';
import { signInWithPasskey } from '../access/passkeys/sign-in';
import { recordRefusedSignIn } from '../access/refused-sign-ins';
import { leavePending } from '../db/activity-pending';
import { recordDamage, recordIntact } from '../db/evidence-damage';
import { createRule } from '../detect/own-rules/save-rule';
import { ingestUpload } from '../ingest/upload';
import { writePending } from '../audit/write-pending';
import { testActor, testPerson } from '../testing/actor';
import { fixture } from '../testing/fixtures';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { recordDownload } from './record-download';
import { writeCounted } from './write-counted';

const PASSWORD = 'correct horse battery staple';
const ORIGIN = 'http://127.0.0.1:7325';
const RULE_ID = '6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a01';
const EACH = (id: string, logsource: string) => `title: Each record
id: ${id}
logsource: ${logsource}
detection: {any: {tool|exists: true}, condition: any}
level: low
`;

let installation: TestInstallation;
beforeEach(async () => {
  installation = await startInstallation({}, { rules: 'one' });
}, 120_000);
afterEach(() => installation.stop(), 60_000);

async function signIn(email: string, password: string, address = '192.0.2.7'): Promise<number> {
  const answer = await answerBrowser(
    installation.ctx,
    new Request(`${ORIGIN}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-sealtrail-peer': address },
      body: JSON.stringify({ email, password }),
    }),
  );
  return answer?.status ?? 0;
}
const later = () => ({ ...installation.ctx, now: () => new Date(Date.now() + 120_000) });
const actions = async (...named: string[]) =>
  installation.ctx.db
    .selectFrom('audit_log')
    .select(['action', 'subject_id', 'details', 'actor_kind', 'actor_id'])
    .where('action', 'in', named)
    .orderBy('id')
    .execute();
const REFUSED = ['person.refuse-sign-in', 'person.refuse-sign-ins'] as const;

it('refused sign-ins of a person from one network are one action of their minute, with how many', async () => {
  const { ctx } = installation;
  const ada = await testPerson(ctx, { name: 'Ada', email: 'ada@example.org', password: PASSWORD, role: 'analyst' });
  for (let n = 0; n < 7; n += 1) expect(await signIn('ada@example.org', `wrong ${n}, and long enough`)).toBe(401);
  expect(await signIn('Ada@Example.org', 'wrong once from another network', '2001:db8:1:2:3::9')).toBe(401);
  expect(await signIn('ada@example.org', 'wrong again from the same one', '2001:db8:1:2::1')).toBe(401);
  // Their minute is not over.
  await writeCounted({ ...ctx, now: () => new Date(0) });
  expect(await actions(...REFUSED)).toEqual([]);
  await writeCounted(later());
  const said = await actions(...REFUSED);
  const of = (address: string) => said.filter(({ details }) => details['address'] === address);
  // A minute may have ended between them.
  expect(of('192.0.2.7').reduce((sum, { details }) => sum + Number(details['count']), 0)).toBe(7);
  expect(of('2001:db8:1:2::/64').reduce((sum, { details }) => sum + Number(details['count']), 0)).toBe(2);
  expect(said.length).toBeLessThanOrEqual(4);
  for (const one of said)
    expect(one).toMatchObject({
      subject_id: ada.id,
      actor_kind: 'system',
      actor_id: 'nobody',
      details: { by: 'password', why: 'wrong' },
    });
  await writeCounted(later());
  expect(await actions(...REFUSED)).toHaveLength(said.length);
});

it('an attacker with many addresses and names fills the chain with no more than 21 lines a minute, and none has what was typed', async () => {
  const { ctx } = installation;
  const at = new Date('2026-12-01T03:00:00Z');
  const still = { ...ctx, now: () => at };
  for (let n = 0; n < 200; n += 1)
    await recordRefusedSignIn(still, new Headers({ 'x-sealtrail-peer': `198.51.100.${n}` }), {
      by: 'password',
      refusal: 'wrong',
      email: `my secret password ${n}`,
    });
  await writeCounted(ctx);
  const said = await actions(...REFUSED);
  expect(said).toHaveLength(21);
  expect(said.reduce((sum, { details }) => sum + Number(details['count']), 0)).toBe(200);
  expect(JSON.stringify(said)).not.toContain('secret');
  expect(new Set(said.map(({ subject_id: id }) => id))).toEqual(new Set(['unknown', 'others']));
});

it('what was refused of a person is a line before the sign-in that is not', async () => {
  const { ctx } = installation;
  await testPerson(ctx, { name: 'Ada', email: 'ada@example.org', password: PASSWORD, role: 'analyst' });
  for (let n = 0; n < 6; n += 1) await signIn('ada@example.org', `wrong ${n}, and long enough`);
  expect(await signIn('ada@example.org', PASSWORD)).toBe(200);
  const said = (await actions(...REFUSED, 'person.sign-in')).map(({ action }) => action);
  expect(said.at(-1)).toBe('person.sign-in');
  expect(said.length).toBeGreaterThan(1);
});

it('an account that is locked, and a passkey of nobody, are refused sign-ins too', async () => {
  const { ctx } = installation;
  await testPerson(ctx, { name: 'Ada', email: 'ada@example.org', password: PASSWORD, role: 'analyst' });
  for (let n = 0; n < 31; n += 1) await signIn('ada@example.org', 'wrong, and long enough');
  await expect(
    signInWithPasskey(ctx, {
      headers: new Headers({ 'x-sealtrail-peer': '192.0.2.9' }),
      response: {
        id: 'x',
        rawId: 'x',
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: '', authenticatorData: '', signature: '' },
      },
    }),
  ).rejects.toMatchObject({ code: expect.stringMatching(/FORBIDDEN|CONFLICT/) });
  await writeCounted(later());
  const said = await actions(...REFUSED);
  expect(said).toContainEqual(
    expect.objectContaining({
      action: 'person.refuse-sign-ins',
      details: expect.objectContaining({ why: 'locked-out' }),
    }),
  );
  expect(said).toContainEqual(
    expect.objectContaining({
      subject_id: 'unknown',
      details: expect.objectContaining({ by: 'passkey', address: '192.0.2.9' }),
    }),
  );
}, 60_000);

it('what a token reads a page at a time is one action of its minute, a file one each, and what a person looks at none', async () => {
  const { ctx } = installation;
  const token = testActor('reader');
  const person = { ...token, kind: 'person' as const };
  for (let n = 0; n < 9; n += 1)
    for (const actor of [token, person])
      await recordDownload(ctx, actor, { of: 'records', path: `/api/v1/events?${n}`, isFile: false });
  for (let n = 0; n < 2; n += 1)
    await recordDownload(ctx, token, { of: 'csv', path: '/api/v1/chains.csv', isFile: true });
  await writeCounted(later());
  const read = await actions('evidence.read');
  expect(read.length).toBeLessThanOrEqual(2);
  expect(read.reduce((sum, { details }) => sum + Number(details['count']), 0)).toBe(9);
  expect(read[0]).toMatchObject({ subject_id: 'records', actor_kind: 'token', actor_id: 'reader' });
  expect(await actions('evidence.download')).toHaveLength(2);
});

it('a burst of 100,000 findings is one line, and what comes within a minute of it waits', async () => {
  const { ctx } = installation;
  const ids = Array.from({ length: 100_000 }, () => randomUUID());
  await leavePending(ctx.db, 'rule.find', RULE_ID, ids);
  await writePending(ctx.db);
  const [line, ...more] = await actions('rule.find');
  expect(more).toEqual([]);
  const sorted = ids.toSorted();
  expect(line).toMatchObject({
    subject_id: RULE_ID,
    actor_id: 'worker',
    details: {
      count: 100_000,
      items: sorted.slice(0, 20),
      sha256: ctx.hasher.sha256(Buffer.from(sorted.map((id) => `${id}\n`).join(''))),
    },
  });
  await leavePending(ctx.db, 'rule.find', RULE_ID, [randomUUID()]);
  await writePending(ctx.db);
  expect(await actions('rule.find')).toHaveLength(1);
  expect(await ctx.db.selectFrom('activity_pending').select('item').execute()).toHaveLength(1);
}, 60_000);

it('what a rule finds in the records of guardrails is a line with the ids of the findings', async () => {
  const { ctx } = installation;
  await installation.work();
  await createRule(ctx, {
    yaml: EACH(RULE_ID, '{product: ai_agent, service: guardrail}'),
    note: '',
    isEnabled: true,
    actor: testActor(),
  });
  const body = (async function* () {
    yield fixture('occasio', 'valid');
  })();
  const { chainId } = await ingestUpload(ctx, { fileName: 'a.jsonl', chain: 'agents', body, actor: testActor() });
  await installation.settled(chainId);
  const found = (await ctx.db.selectFrom('findings').select('id').where('rule_id', '=', RULE_ID).execute())
    .map(({ id }) => id)
    .toSorted();
  await writePending(ctx.db);
  const lines = await actions('rule.find');
  const said = lines.filter(({ subject_id: id }) => id === RULE_ID);
  expect(said).toHaveLength(1);
  expect(said[0]?.details).toMatchObject({ count: found.length, items: found.slice(0, 20) });
}, 120_000);

it('evidence that is found damaged, and good again, is a line', async () => {
  const { ctx } = installation;
  const digest = 'a'.repeat(64);
  await recordDamage(ctx.db, digest, 'altered', ctx.now());
  await recordDamage(ctx.db, digest, 'altered', new Date(Date.now() + 60_000));
  await recordIntact(ctx.db, digest, ctx.now());
  await writePending(ctx.db);
  expect(
    (await actions('evidence.damage', 'evidence.heal')).map(({ action, subject_id: of, details }) => [
      action,
      of,
      details['items'],
    ]),
  ).toEqual([
    ['evidence.damage', 'altered', [digest]],
    ['evidence.heal', 'intact', [digest]],
  ]);
});
