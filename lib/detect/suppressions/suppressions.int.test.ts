import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fsck } from '../../fsck/fsck';
import { ingestUpload } from '../../ingest/upload';
import { routeEvents } from '../../notify/route-events';
import { createDestination } from '../../notify/create-destination';
import { exportCsv } from '../../reports/csv';
import { findingsCsv } from '../../reports/list-csv';
import { findingOcsf, findingSarif } from '../../reports/findings-files';
import { getReport } from '../../reports/report';
import { changeFindings } from '../../triage/change-findings';
import { countFindings, getFinding, listFindings } from '../../triage/findings';
import { testActor } from '../../testing/actor';
import { toBytes, writers } from '../../testing/chains';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { createRule } from '../own-rules/save-rule';
import { suppressionChanges } from './changes';
import { createSuppression } from './create-suppression';
import { endSuppression } from './end-suppression';
import { previewSuppression } from './preview-suppression';
import { getSuppression, listSuppressions } from './suppressions';
import { tellExpired } from './tell-expired';

const RULE_ID = '6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a13';
const RULE = `title: Calls refused again and again
id: 6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a13
correlation:
  type: event_count
  rules: [refused]
  group-by: [tool]
  timespan: 5m
  condition: {gte: 3}
level: high
---
title: A refused call
name: refused
logsource: {product: ai_agent, service: guardrail}
detection: {one: {decision: deny}, condition: one}
`;
const quiet = (selection: string, rules = `[${RULE_ID}]`) =>
  `title: Known noise
logsource: {product: ai_agent, service: guardrail}
filter:
  rules: ${rules}
  selection: ${selection}
  condition: not selection
`;
const ADA = testActor('Ada');
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const keep = (yaml: string, more: Partial<Parameters<typeof createSuppression>[1]> = {}) =>
  createSuppression(installation.ctx, { yaml, reason: 'a test bench', expiresAt: inDays(7), actor: ADA, ...more });

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
  await installation.work();
  const { ctx } = installation;
  await createDestination(ctx, {
    name: 'on call',
    kind: 'webhook',
    url: 'https://example.org/hook',
    filter: { events: ['finding.new', 'finding.grown'], minLevel: 'informational', ruleIds: [], chains: [] },
    isEnabled: true,
    actor: ADA,
  });
  await createRule(ctx, { yaml: RULE, note: '', isEnabled: true, actor: ADA });
}, 120_000);
afterAll(() => installation?.stop(), 60_000);

/** Refused calls of tools, one after another, each with what it was about. */
async function refused(chain: string, calls: Record<string, readonly string[]>): Promise<void> {
  const { ctx } = installation;
  const lines = writers(ctx.hasher).arbiter.write(
    Object.entries(calls).flatMap(([tool, notes]) => notes.map((note) => ({ tool, decision: 'deny' as const, note }))),
  );
  const body = (async function* () {
    yield toBytes(lines);
  })();
  const { chainId } = await ingestUpload(ctx, { fileName: `${chain}.jsonl`, chain, body, actor: ADA });
  await installation.settled(chainId);
}
const listed = async (more: Partial<Parameters<typeof listFindings>[1]> = {}) =>
  (await listFindings(installation.ctx, { ruleId: RULE_ID, limit: 100, ...more })).items;
const tools = async (more = {}) => (await listed(more)).map(({ group }) => group['tool']).toSorted();
const told = async () => {
  const { ctx } = installation;
  await routeEvents(ctx);
  return (
    await ctx.db.selectFrom('notification_deliveries').select('subject_id').where('rule_id', '=', RULE_ID).execute()
  ).map(({ subject_id: id }) => id);
};
const drifts = async () => {
  const found: unknown[] = [];
  await fsck(installation.ctx, (drift) => found.push(drift), { only: ['findings'] });
  return found;
};
const idOf = async (tool: string) =>
  (await listed({ suppressed: 'with' })).find(({ group }) => group['tool'] === tool)?.id ?? '';

it('what a suppression leaves too few records of is hidden from its first moment, said wherever it is told of, and back once it ends', async () => {
  const { ctx } = installation;
  await refused('first', { bench: ['tmp a', 'tmp b', 'tmp c', 'home'], shell: ['home a', 'home b', 'home c'] });
  expect(await tools()).toEqual(['bench', 'shell']);
  const kept = await keep(quiet('{target|startswith: tmp}'));
  expect(kept).toMatchObject({
    version: 1,
    title: 'Known noise',
    reason: 'a test bench',
    rules: [{ id: RULE_ID, title: 'Calls refused again and again' }],
    state: 'active',
    createdBy: 'Ada',
    ended: null,
    // One record of four is left, and the rule takes three.
    hides: 1,
    matches: 1,
  });

  // What is found from now on is hidden in the transaction that writes it, and nobody is told of it.
  await refused('second', { deploy: ['tmp a', 'tmp b', 'tmp c'], backup: ['tmp a', 'x', 'y', 'z'] });
  expect(await tools()).toEqual(['backup', 'shell']);
  expect(await tools({ suppressed: 'only' })).toEqual(['bench', 'deploy']);
  expect(await tools({ suppressed: 'with' })).toEqual(['backup', 'bench', 'deploy', 'shell']);
  expect(await tools({ suppressionId: kept.id })).toEqual(['bench', 'deploy']);
  expect(await countFindings(ctx, { ruleId: RULE_ID })).toMatchObject({ new: 2 });
  const hiddenId = await idOf('deploy');
  expect(await told()).not.toContain(hiddenId);

  const finding = await getFinding(ctx, { findingId: hiddenId });
  const { id, title, expiresAt } = kept;
  expect(finding.suppressedBy).toEqual({ id, title, expiresAt });
  const ocsf = JSON.parse(await text(findingOcsf(ctx, finding)));
  expect(ocsf).toMatchObject({ status_id: 3, status: 'Suppressed', unmapped: { suppression: { id } } });
  const sarif = JSON.parse(await text(findingSarif(ctx, finding)));
  expect(sarif.runs[0].results[0].suppressions).toMatchObject([{ kind: 'external', status: 'accepted', guid: id }]);
  const csv = await findingsCsv(ctx, { ruleId: RULE_ID, suppressed: 'only' }, { bom: false });
  expect((await text(csv.stream)).split('\n').filter((line) => line.includes(`Known noise,${expiresAt}`))).toHaveLength(
    2,
  );

  // A figure of a report is the sum of its rows, those that are hidden among them.
  const period = { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };
  const report = await getReport(ctx, { period });
  const rows = (await text(exportCsv(ctx, { kind: 'findings', period }))).trim().split('\n').slice(1);
  expect(report.summary.findings).toBe(rows.length);
  expect(report.findingsSuppressed).toBe(2);
  expect(rows.filter((row) => row.includes('Known noise'))).toHaveLength(2);
  expect(await drifts()).toEqual([]);

  // An edit of what hides is told.
  const row = await ctx.db.selectFrom('suppressions').select('yaml').where('id', '=', id).executeTakeFirstOrThrow();
  const edit = (yaml: string) => ctx.db.updateTable('suppressions').set({ yaml }).where('id', '=', id).execute();
  await edit(row.yaml.replace('tmp', 'home'));
  expect(await drifts()).toContainEqual(
    expect.objectContaining({ at: { table: 'suppressions', row: id, column: 'yaml' } }),
  );
  await edit(row.yaml);

  // One that grows past the filter is shown again; one that was decided is shown as such.
  await refused('third', { deploy: ['home 1', 'home 2', 'home 3'] });
  expect(await tools()).toEqual(['backup', 'deploy', 'shell']);
  expect(await told()).toContain(hiddenId);
  await changeFindings(ctx, {
    asked: { ids: [await idOf('bench')], change: { status: 'closed', verdict: 'benign' } },
    actor: ADA,
  });
  expect(await tools({ status: ['closed'] })).toEqual(['bench']);
  await changeFindings(ctx, { asked: { ids: [await idOf('bench')], change: { status: 'new' } }, actor: ADA });
  expect(await tools({ suppressed: 'only' })).toEqual(['bench']);

  const ended = await endSuppression(ctx, { suppressionId: id, actor: ADA });
  expect(ended).toMatchObject({ state: 'ended', ended: { by: 'Ada' }, hides: 0, matches: 1 });
  expect(await endSuppression(ctx, { suppressionId: id, actor: testActor('Bob') })).toEqual(ended);
  expect(await tools()).toEqual(['backup', 'bench', 'deploy', 'shell']);
  expect(await told()).toContain(await idOf('bench'));
  const actions = await ctx.db
    .selectFrom('audit_log')
    .select(['action', 'actor_name'])
    .where('subject_id', '=', id)
    .orderBy('id')
    .execute();
  expect(actions).toEqual([
    { action: 'suppression.create', actor_name: 'Ada' },
    { action: 'suppression.end', actor_name: 'Ada' },
  ]);
  expect(await drifts()).toEqual([]);
}, 60_000);

it('ends by itself when it expires, and another version takes its place', async () => {
  const { ctx } = installation;
  const zeroth = await keep(quiet('{tool: bench}'));
  await told();
  await ctx.db.deleteFrom('notification_deliveries').execute();
  const first = await keep(quiet('{tool: shell}'), { replacesId: zeroth.id });
  expect(await tools()).toEqual(['backup', 'bench', 'deploy']);
  // What the version before hid, and this one does not, is in the queue again.
  expect(await told()).toEqual([await idOf('bench')]);
  const second = await keep(quiet('{tool: [shell, backup]}'), { replacesId: first.id, reason: 'both of them' });
  expect(second).toMatchObject({ version: 3, replacesId: first.id, hides: 2 });
  expect(await getSuppression(ctx, { suppressionId: first.id })).toMatchObject({
    state: 'ended',
    version: 2,
    replacedById: second.id,
  });
  const changed = await suppressionChanges(ctx, { suppressionId: second.id });
  expect(changed).toMatchObject({ before: { id: first.id }, after: { id: second.id, replacedById: null } });
  expect(changed.lines.filter(({ kind }) => kind !== 'same').map(({ text }) => text.trim())).toEqual([
    'selection: {tool: shell}',
    'selection: {tool: [shell, backup]}',
  ]);
  await expect(suppressionChanges(ctx, { suppressionId: zeroth.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(keep(quiet('{tool: shell}'), { replacesId: first.id })).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await tools()).toEqual(['bench', 'deploy']);
  const past = new Date(Date.now() - 1_000);
  await ctx.db.updateTable('suppressions').set({ expires_at: past }).where('id', '=', second.id).execute();
  expect(await tools()).toEqual(['backup', 'bench', 'deploy', 'shell']);
  await ctx.db.deleteFrom('notification_deliveries').execute();
  for (const _ of ['once', 'no more']) {
    await tellExpired(ctx);
    expect((await told()).toSorted()).toEqual([await idOf('backup'), await idOf('shell')].toSorted());
  }
  expect((await listSuppressions(ctx, { limit: 2 })).items.map(({ state }) => state)).toEqual(['expired', 'ended']);
  expect((await listSuppressions(ctx, { limit: 2, state: ['active'] })).items).toEqual([]);
}, 60_000);

it('a preview says what would have been hidden, and nothing that is confirmed as true is', async () => {
  const { ctx } = installation;
  const { windowTo = '' } = (await listed())[0] ?? {};
  const then = { ...ctx, now: () => new Date(Date.parse(windowTo) + 1_000) };
  const before = await previewSuppression(then, { yaml: quiet('{tool: shell}'), days: 1 });
  expect(before).toMatchObject({ examined: 4, findings: 1, confirmed: [] });
  expect(before.items).toMatchObject([{ id: await idOf('shell'), recordCount: 3, leftOut: 3 }]);
  const shell = await idOf('shell');
  const judge = (verdict: 'true_positive' | 'benign') =>
    changeFindings(ctx, { asked: { ids: [shell], change: { verdict } }, actor: ADA });
  await judge('true_positive');
  // Of any age, whatever the days are that are looked at.
  const after = await previewSuppression(ctx, { yaml: quiet('{tool: shell}'), days: 1 });
  expect(after).toMatchObject({ findings: 0, items: [], confirmed: [{ id: shell }] });
  await expect(keep(quiet('{tool: shell}'))).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining(`Calls refused again and again (${shell})`),
    details: { confirmed: shell },
  });
  // One confirmed later is shown whatever a suppression says.
  await judge('benign');
  const { id } = await keep(quiet('{tool: shell}'));
  expect(await tools()).not.toContain('shell');
  await judge('true_positive');
  expect(await tools()).toContain('shell');
  await endSuppression(ctx, { suppressionId: id, actor: ADA });
}, 60_000);

it.each([
  ['a rule that is none', quiet('{tool: a}', '[nobody]'), /^filter:4:11: filter\.rules\.0: no rule here/],
  ['all rules', quiet('{tool: a}', 'any'), /^filter:4:10: filter\.rules: a suppression names its rules/],
  ['a field that is none', quiet('{colour: red}'), /^filter:5:15: .*"colour" is no field/],
  ['a rule', RULE, /holds a second document/],
  ['a filter without a condition', quiet('{tool: a}').replace(/ {2}condition.*\n/, ''), /filter\.condition/],
])('%s is refused with its place', async (_name, yaml, message) => {
  await expect(keep(yaml)).rejects.toMatchObject({ code: 'BAD_REQUEST', message: expect.stringMatching(message) });
});

it.each([
  ['past', -1],
  ['more than a year away', 367],
])('an expiry that is %s is refused', async (_name, days) => {
  await expect(keep(quiet('{tool: a}'), { expiresAt: inDays(days) })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

it('a filter that was altered in the database hides nothing that is found, and what it is hides again once it is put back', async () => {
  const { db } = installation.ctx;
  const yaml = quiet('{target|startswith: tmp}');
  const { id } = await keep(yaml);
  const edit = (text: string) => db.updateTable('suppressions').set({ yaml: text }).where('id', '=', id).execute();
  await edit(yaml.replace('tmp', 'etc'));
  await refused('altered', { mend: ['etc a', 'etc b', 'etc c'], patch: ['tmp a', 'tmp b', 'tmp c'] });
  expect(await tools()).toEqual(expect.arrayContaining(['mend', 'patch']));
  await edit(yaml);
  await refused('put back', { weld: ['tmp a', 'tmp b', 'tmp c'] });
  expect(await tools()).not.toContain('weld');
  expect(await tools({ suppressionId: id })).toContain('weld');
  await endSuppression(installation.ctx, { suppressionId: id, actor: ADA });
  expect(await drifts()).toEqual([]);
}, 60_000);
