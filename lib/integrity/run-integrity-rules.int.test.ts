import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { switchRule } from '../detect/own-rules/switch-rule';
import { integrityRules } from '../detect/integrity-rules';
import { getRule, listRules } from '../detect/rules';
import { recordAlarm } from '../ingest/note-alarm';
import { appendRecords } from '../ingest/append-records';
import { ingestUpload } from '../ingest/upload';
import { setPolicy } from '../attest/policy/policy';
import { testActor } from '../testing/actor';
import { toBytes, writers } from '../testing/chains';
import { fixture } from '../testing/fixtures';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { getFinding } from '../triage/findings';
import { runIntegrityRules } from './run-integrity-rules';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
  await installation.work();
}, 120_000);
afterAll(() => installation?.stop(), 60_000);

/** Minutes the clock is ahead. */
let aheadMs = 0;
const MINUTE_MS = 60_000;

async function upload(chain: string, bytes: Buffer): Promise<string> {
  const { ctx } = installation;
  const { chainId } = await ingestUpload(ctx, {
    fileName: `${chain}.jsonl`,
    chain,
    body: Readable.from([bytes]),
    actor: testActor(),
  });
  await installation.settled(chainId);
  return chainId;
}

/** What stands, by chain, after the rules ran twice. */
async function standing(): Promise<string[]> {
  const { ctx } = installation;
  const later = { ...ctx, now: () => new Date(Date.now() + aheadMs) };
  await runIntegrityRules(later);
  const read = async () =>
    (
      await ctx.db
        .selectFrom('findings as f')
        .innerJoin('finding_chains as l', 'l.finding_id', 'f.id')
        .innerJoin('chains as c', 'c.id', 'l.chain_id')
        .where('f.superseded_at', 'is', null)
        .where(
          'f.rule_id',
          'in',
          (await integrityRules(ctx)).map(({ id }) => id),
        )
        .select(['f.id', 'c.name', 'f.title', 'f.level', 'f.group_values'])
        .orderBy('c.name')
        .orderBy('f.title')
        .execute()
    ).map(({ id: _, name, title, level, group_values: values }) => {
      const { chain, ...of } = values;
      expect(chain).toBe(name);
      return `${name}: ${title} (${level}), ${Object.values(of).join()}`;
    });
  const first = await read();
  await runIntegrityRules(later);
  expect(await read()).toEqual(first);
  return first;
}

it('raises what is wrong with a chain, once, and no longer when it is right again', async () => {
  const { ctx } = installation;
  await upload('good', fixture('occasio', 'valid'));
  await upload('tampered', fixture('occasio', 'tampered'));
  const gap = await upload('gap', fixture('nono', 'gap'));
  const { chainId } = await ingestUpload(ctx, {
    fileName: 'a.jsonl',
    chain: 'shrunk',
    body: Readable.from([fixture('arbiter', 'valid')]),
    actor: testActor(),
  });
  await installation.settled(chainId);
  await upload('shrunk', fixture('arbiter', 'truncated-tail'));
  const found = await standing();
  expect(found).toEqual([
    expect.stringMatching(/^gap: Records of a chain are missing \(high\), missing-/),
    'shrunk: A log holds bytes that are no records (medium), torn-tail',
    'shrunk: The end of a chain is gone (critical), shorter-than-witnessed',
    'tampered: Records of a chain were changed (critical), hash-mismatch',
  ]);

  const { id } = await ctx.db
    .selectFrom('findings as f')
    .innerJoin('finding_chains as l', 'l.finding_id', 'f.id')
    .where('l.chain_id', '=', gap)
    .where('f.title', '=', 'Records of a chain are missing')
    .select('f.id')
    .executeTakeFirstOrThrow();
  expect(await getFinding(ctx, { findingId: id })).toMatchObject({
    chains: [{ name: 'gap', verdict: 'gap' }],
    runbook: expect.stringContaining('missing records'),
    records: [],
    ruleYaml: expect.stringContaining('service: chain'),
  });

  await ctx.db.updateTable('findings').set({ title: 'Nothing at all', level: 'low' }).where('id', '=', id).execute();
  expect(await standing()).toEqual(found);

  await upload('shrunk', fixture('arbiter', 'valid'));
  expect((await standing()).filter((one) => one.startsWith('shrunk'))).toEqual([]);
  await upload('shrunk', fixture('arbiter', 'truncated-tail'));
  expect(await standing()).toEqual(found);
  const rows = await ctx.db
    .selectFrom('findings as f')
    .innerJoin('finding_chains as l', 'l.finding_id', 'f.id')
    .where('l.chain_id', '=', chainId)
    .where('f.title', '=', 'The end of a chain is gone')
    .select('f.id')
    .execute();
  expect(rows).toHaveLength(1);
});

it('raises what forwarders tell, senders that stand still and signatures that are overdue', async () => {
  const { ctx } = installation;
  const before = await standing();
  const news = async () => (await standing()).filter((one) => !before.includes(one));
  const lines = writers(ctx.hasher).occasio.write([{ tool: 'bash', decision: 'allow', note: 'one' }]);
  const { chainId } = await appendRecords(ctx, {
    chain: 'live',
    bytes: toBytes(lines),
    precondition: { kind: 'lines' },
    idempotency: null,
    lagBytes: 1_000,
    actor: testActor(),
  });
  await setPolicy(ctx, {
    chainId,
    policy: {
      onClose: false,
      onSeal: false,
      everyRecords: null,
      everyMinutes: null,
      predicates: [],
      alertAfterMinutes: 30,
    },
    actor: testActor(),
  });
  expect(await news()).toEqual([]);
  aheadMs = 20 * MINUTE_MS;
  expect(await news()).toEqual(['live: A growing chain stands still (medium), sender']);
  aheadMs = 40 * MINUTE_MS;
  expect(await news()).toEqual([
    'live: A chain has waited too long for its signature (medium), attestation',
    'live: A growing chain stands still (medium), sender',
  ]);
  aheadMs = 0;
  expect(await news()).toEqual([]);
  for (const at of [100, 200])
    await recordAlarm(ctx, {
      chain: 'live',
      alarm: { id: randomUUID(), kind: 'dropped', at, detail: 'bytes are gone', raisedAt: new Date().toISOString() },
      actor: testActor(),
    });
  const alarm = 'live: A forwarder saw its log being changed or lost bytes of it (high), dropped';
  expect(await news()).toEqual([alarm, alarm]);
});

it('is listed among the rules, and one that is switched off raises nothing more', async () => {
  const { ctx } = installation;
  const rules = (await listRules(ctx)).items.filter(({ kind }) => kind === 'chain');
  expect(rules.map(({ id }) => id).toSorted()).toEqual((await integrityRules(ctx)).map(({ id }) => id).toSorted());
  const missing = rules.find(({ title }) => title === 'Records of a chain are missing');
  if (!missing) throw new Error('there is a rule about missing records');
  expect(missing).toMatchObject({ isEnabled: true, findings: { new: 1 } });
  expect(await getRule(ctx, { ruleId: missing.id })).toMatchObject({
    yaml: expect.stringContaining('missing-records'),
  });
  await switchRule(ctx, { ruleId: missing.id, isEnabled: false, actor: testActor() });
  await upload('another gap', fixture('nono', 'gap'));
  expect((await standing()).filter((one) => one.includes('are missing'))).toHaveLength(1);
  await switchRule(ctx, { ruleId: missing.id, isEnabled: true, actor: testActor() });
  expect((await standing()).filter((one) => one.includes('are missing'))).toHaveLength(2);
});
