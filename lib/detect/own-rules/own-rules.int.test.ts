import { ClickHouseError } from '@clickhouse/client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Context } from '../../context';
import { ingestUpload } from '../../ingest/upload';
import { testActor } from '../../testing/actor';
import { toBytes, writers } from '../../testing/chains';
import { makeZip } from '../../testing/make-zip';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { requestBackfill } from '../backfill/request-backfill';
import { runDueBackfills } from '../backfill/run-due-backfills';
import { recordsBetween } from '../../lake/query/totals';
import type { RuleRun } from '../../schemas/rules';
import { runIntegrityRules } from '../../integrity/run-integrity-rules';
import { catalog } from '../catalog';
import { foldLooks } from '../fold-looks';
import { listRuns } from '../query/runs';
import { findingsInFull } from '../query/findings-in-full';
import { findingsOf } from '../query/findings';
import { getRule, listRules } from '../rules';
import { runRules } from '../run-rule';
import { checkRule } from './check-rule';
import { importRules } from './import-rules';
import { previewRule } from './preview-rule';
import { createRule, editRule } from './save-rule';
import { switchRule } from './switch-rule';
import { getVersion, listVersions } from './versions';

const ID = '6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a01';
const OTHER = '6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a02';
const actor = testActor();
const text = (tool: string, id = ID) => `title: Uses of ${tool}
id: ${id}
logsource: {product: ai_agent, service: guardrail}
detection:
  used: {tool: ${tool}}
  condition: used
level: low
`;

/** More than the engine compiles, which it says when it looks at a record. */
const ENDLESS = `'tool|re': '${'.{1000}'.repeat(100)}'`;

let installation: TestInstallation;
let ctx: Context;
beforeAll(async () => {
  installation = await startInstallation();
  ({ ctx } = installation);
  await runDueBackfills(ctx);
  await installation.work();
  await upload('first', ['tea', 'tea', 'milk']);
}, 120_000);
afterAll(() => installation.stop(), 60_000);

async function upload(chain: string, tools: readonly string[]): Promise<string> {
  const lines = writers(ctx.hasher).occasio.write(
    tools.map((tool, index) => ({ tool, decision: 'allow' as const, note: `${chain} ${index}` })),
  );
  const { chainId } = await ingestUpload(ctx, {
    fileName: 'a.jsonl',
    chain,
    body: (async function* () {
      yield toBytes(lines);
    })(),
    actor,
  });
  await installation.settled(chainId);
  return chainId;
}

const looked = () =>
  vi.waitUntil(async () => (await getRule(ctx, { ruleId: ID })).backfill?.state === 'done', { timeout: 30_000 });
const found = async () =>
  (
    await ctx.db
      .selectFrom('findings as f')
      .innerJoin('finding_chains as l', 'l.finding_id', 'f.id')
      .innerJoin('chains as c', 'c.id', 'l.chain_id')
      .where('f.rule_id', '=', ID)
      .where('f.superseded_at', 'is', null)
      .select(['c.name', 'f.record_count as records', 'f.title'])
      .orderBy('c.name')
      .execute()
  ).map(({ name, records, title }) => `${name}: ${records} (${title})`);
const runs = async () =>
  (
    await ctx.db
      .selectFrom('rule_runs as r')
      .innerJoin('chains as c', (join) =>
        join.onRef('c.id', '=', 'r.chain_id').onRef('c.generation', '=', 'r.generation'),
      )
      .innerJoin('rule_backfills as b', 'b.rule_digest', 'r.rule_digest')
      .where('r.rule_id', '=', ID)
      .select(['c.name', 'r.records', 'r.rule_digest'])
      .orderBy('c.name')
      .execute()
  ).filter(({ rule_digest: digest }) => digest === ctx.hasher.sha256(Buffer.from(current)));
let current = '';

it('what ships has nothing to look back at where it was there first', async () => {
  const { items, stuck } = await listRules(ctx);
  expect(stuck).toEqual([]);
  expect(new Set(items.map(({ version, isEnabled, backfill }) => `${version} ${isEnabled} ${backfill}`))).toEqual(
    new Set(['null true null']),
  );
  expect(items.every(({ kind, lastRunAt }) => lastRunAt !== null || kind === 'chain')).toBe(true);
});

it('a rule looks at what was recorded before it, as its next version does, whose findings take the place of those before', async () => {
  current = text('tea');
  const made = await createRule(ctx, { yaml: current, note: 'for tea', isEnabled: true, actor });
  expect(made).toMatchObject({ version: 1, isEnabled: true, title: 'Uses of tea', enabledBy: actor.name });
  await looked();
  expect(await found()).toEqual(['first: 2 (Uses of tea)']);
  expect(await runs()).toMatchObject([{ name: 'first', records: 3 }]);

  current = text('milk');
  const edited = await editRule(ctx, { ruleId: ID, version: 1, yaml: current, note: '', actor });
  expect(edited.version).toBe(2);
  await looked();
  expect(await found()).toEqual(['first: 1 (Uses of milk)']);
  expect(await runs()).toMatchObject([{ name: 'first', records: 3 }]);

  const versions = await listVersions(ctx, { ruleId: ID, limit: 1 });
  expect(versions.items).toMatchObject([{ version: 2, title: 'Uses of milk', savedBy: actor.name, note: '' }]);
  const { items } = await listVersions(ctx, { ruleId: ID, limit: 1, cursor: versions.nextCursor ?? '' });
  expect(items).toMatchObject([{ version: 1, note: 'for tea', digest: made.digest }]);
  expect((await getVersion(ctx, { ruleId: ID, version: 1 })).yaml).toBe(text('tea'));
});

it('a text that is the same is no version, and one that was edited meanwhile is not written over', async () => {
  expect((await editRule(ctx, { ruleId: ID, version: 2, yaml: current, note: 'again', actor })).version).toBe(2);
  await expect(editRule(ctx, { ruleId: ID, version: 1, yaml: text('tea'), note: '', actor })).rejects.toMatchObject({
    code: 'CONFLICT',
    details: { version: 2 },
  });
});

it('a rule that is disabled looks at nothing and what it found stands; enabled again it looks at what it missed', async () => {
  await switchRule(ctx, { ruleId: ID, isEnabled: false, actor });
  await upload('second', ['milk', 'milk']);
  expect(await found()).toEqual(['first: 1 (Uses of milk)']);
  await switchRule(ctx, { ruleId: ID, isEnabled: true, actor });
  await looked();
  expect(await found()).toEqual(['first: 1 (Uses of milk)', 'second: 2 (Uses of milk)']);
  expect((await runs()).map(({ name }) => name)).toEqual(['first', 'second']);
  const actions = await ctx.db
    .selectFrom('audit_log')
    .select('action')
    .where('subject_id', '=', ID)
    .orderBy('id')
    .execute();
  // That the past was looked at is the worker's to say, when it was.
  const done = actions.map(({ action }) => action).filter((action) => action !== 'rule.end-backfill');
  expect(done).toEqual(['rule.create', 'rule.edit', 'rule.disable', 'rule.enable']);
});

it('what is new is looked at as every rule does, and once', async () => {
  await upload('third', ['milk']);
  expect(await found()).toContain('third: 1 (Uses of milk)');
  expect((await runs()).map(({ name }) => name)).toEqual(['first', 'second', 'third']);
  await requestBackfill(ctx, { ruleId: ID, actor });
  await looked();
  expect(await found()).toHaveLength(3);
});

it('rules of a file that are to find something by themselves do, in their own words, as findings of its rule', async () => {
  const BOTH = '6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a06';
  const one = text('tea')
    .replace(`id: ${ID}`, 'name: tea')
    .replace('level: low', 'level: high\nrunbook: Ask who drank it.');
  const over =
    '{type: event_count, rules: [tea], group-by: [agent], timespan: 1h, condition: {gte: 2}, generate: true}';
  const yaml = `${one}---\ntitle: Much tea\nid: ${BOTH}\nlevel: low\ncorrelation: ${over}\n`;
  expect((await previewRule(ctx, { yaml, days: 366 })).items.map(({ level }) => level).toSorted()).toEqual([
    'high',
    'low',
  ]);
  await createRule(ctx, { yaml, note: '', isEnabled: true, actor });
  const state = async () => (await getRule(ctx, { ruleId: BOTH })).backfill?.state;
  await vi.waitUntil(async () => (await state()) === 'done', { timeout: 30_000 });
  const { items } = await findingsOf(ctx.db, { ruleId: BOTH, limit: 10 });
  const said = (await findingsInFull(ctx.db, items)).map(({ title, level, runbook, measures }) => ({
    title,
    level,
    runbook,
    measures,
  }));
  expect(said.toSorted((a, b) => (a.title < b.title ? -1 : 1))).toEqual([
    {
      title: 'Much tea',
      level: 'low',
      runbook: '',
      measures: { kind: 'event_count', count: 2, threshold: 2, timespan: '1h' },
    },
    {
      title: 'Uses of tea',
      level: 'high',
      runbook: 'Ask who drank it.',
      measures: { kind: 'event_count', count: 2, threshold: 1, timespan: '15m', rule: 'tea' },
    },
  ]);
  await switchRule(ctx, { ruleId: BOTH, isEnabled: false, actor });
});

it('a text of another release, which is not read, is told of and keeps no other from running', async () => {
  const yaml = text('water', OTHER).replace('{tool: water}', '{tool|resonates: water}');
  const digest = ctx.hasher.sha256(Buffer.from(yaml));
  await ctx.db.insertInto('own_rules').values({ id: OTHER, version: 1 }).execute();
  const saved = { saved_by_id: 'x', saved_by: 'x', saved_at: new Date(), note: null };
  await ctx.db
    .insertInto('rule_versions')
    .values({ rule_id: OTHER, version: 1, digest, yaml, title: 'Uses of water', ...saved })
    .execute();
  const { stuck } = await listRules(ctx);
  expect(stuck).toMatchObject([{ id: OTHER, title: 'Uses of water', reason: { line: 5, column: 10 } }]);
  expect(stuck[0]?.reason.message).toMatch(/^detection\.used\.tool\|resonates: the modifier "resonates"/);
  await expect(getRule(ctx, { ruleId: OTHER })).rejects.toMatchObject({ code: 'CONFLICT', details: { line: 5 } });
  expect((await catalog(ctx)).map(({ id }) => id)).not.toContain(OTHER);
  await upload('fourth', ['milk']);
  expect(await found()).toContain('fourth: 1 (Uses of milk)');
});

it('a text that was altered in the database does not run as the one that was saved, and runs again once it is put back', async () => {
  const ALTERED = '6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a26';
  const yaml = text('juice', ALTERED);
  await createRule(ctx, { yaml, note: '', isEnabled: true, actor });
  const write = (other: string) =>
    ctx.db.updateTable('rule_versions').set({ yaml: other }).where('rule_id', '=', ALTERED).execute();
  const states = async () => [
    (await catalog(ctx)).some(({ id }) => id === ALTERED),
    (await listRules(ctx)).stuck.some(({ id, reason }) => id === ALTERED && reason.message.includes('SHA-256')),
    (await getVersion(ctx, { ruleId: ALTERED, version: 1 })).isAltered,
  ];
  expect(await states()).toEqual([true, false, false]);
  for (const other of [text('tea', ALTERED), 'no rule at all']) {
    await write(other);
    // A worker that starts knows no text; one that runs goes on with the one that was saved.
    expect(await states()).toEqual([true, false, true]);
    await ctx.db.updateTable('own_rules').set({ version: 7 }).where('id', '=', ALTERED).execute();
    expect((await catalog(ctx)).some(({ id }) => id === ALTERED)).toBe(false);
    await ctx.db.updateTable('own_rules').set({ version: 1 }).where('id', '=', ALTERED).execute();
    expect(await states()).toEqual([false, true, true]);
    await write(yaml);
    expect(await states()).toEqual([true, false, false]);
  }
});

it('a rule that the event lake fails at is taken out with what it said, keeps no other from running, and is back when it is enabled', async () => {
  const TOO_LARGE = '6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a05';
  const yaml = text('salt', TOO_LARGE).replace('tool: salt', ENDLESS);
  const digest = ctx.hasher.sha256(Buffer.from(yaml));
  await ctx.db.insertInto('own_rules').values({ id: TOO_LARGE, version: 1 }).execute();
  const saved = { saved_by_id: 'x', saved_by: 'x', saved_at: new Date(), note: null };
  await ctx.db
    .insertInto('rule_versions')
    .values({ rule_id: TOO_LARGE, version: 1, digest, yaml, title: 'Too large', ...saved })
    .execute();
  await upload('fifth', ['milk']);
  expect(await found()).toContain('fifth: 1 (Uses of milk)');
  const out = await getRule(ctx, { ruleId: TOO_LARGE });
  expect(out).toMatchObject({ isEnabled: false, enabledBy: 'worker' });
  expect(out.outBecause).toContain('cannot compile');

  // The same while it runs, at what no trial shows.
  const failing = {
    ...ctx,
    lake: Object.assign(Object.create(ctx.lake) as typeof ctx.lake, {
      query: (asked: Parameters<typeof ctx.lake.query>[0]) =>
        asked.query.startsWith('WITH')
          ? Promise.reject(new ClickHouseError({ message: 'Memory limit exceeded', code: '241', type: 'X' }))
          : ctx.lake.query(asked),
    }),
  };
  const [rule] = (await catalog(ctx)).filter(({ id }) => id === ID);
  if (!rule) throw new Error('the rule runs');
  const range = { from: new Date(0), to: new Date() };
  const { looked: ranges, outcomes } = await runRules(failing, new Map([[rule, range]]), {
    add: () => Promise.reject(new Error('found something')),
    forget: () => Promise.resolve(),
  });
  expect(ranges.size).toBe(0);
  expect([...outcomes.values()].map(({ kind }) => kind)).toEqual(['failed']);
  expect(await getRule(ctx, { ruleId: ID })).toMatchObject({ isEnabled: false, outBecause: 'Memory limit exceeded' });
  await switchRule(ctx, { ruleId: ID, isEnabled: true, actor });
  await looked();
  const back = await getRule(ctx, { ruleId: ID });
  expect(back).toMatchObject({ isEnabled: true, outBecause: null });
  expect(back.runMs).toBeGreaterThan(0);
});

it('is refused with its place, or for what it would do to others', async () => {
  const { items } = await listRules(ctx);
  const shipped = items.find(({ version, kind }) => version === null && kind !== 'chain');
  const { yaml = '' } = shipped ? await getRule(ctx, { ruleId: shipped.id }) : {};
  const create = (one: string) => createRule(ctx, { yaml: one, note: '', isEnabled: true, actor });
  await expect(create(yaml)).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(create(text('tea'))).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(create(text('tea', ID.toUpperCase()))).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  await expect(editRule(ctx, { ruleId: shipped?.id ?? '', version: 1, yaml, note: '', actor })).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  expect(await checkRule(ctx, { yaml: text('tea').replace('condition: used', 'condition: used or') })).toMatchObject({
    rule: null,
    problems: [{ line: 6, column: 20 }],
  });
  expect(await checkRule(ctx, { yaml: text('tea') })).toMatchObject({ rule: { kind: 'record' }, problems: [] });
  const endless = await checkRule(ctx, { yaml: text('tea').replace('tool: tea', ENDLESS) });
  expect(endless.problems[0]?.message).toMatch(/^the event lake does not take this rule: .*cannot compile/);
  const values = Array.from({ length: 1_001 }, (_, n) => `tool-${n}`).join(', ');
  const { problems } = await checkRule(ctx, { yaml: text('tea').replace('tool: tea', `tool: [${values}]`) });
  expect(problems).toMatchObject([{ line: 1, column: 1 }]);
  expect(problems[0]?.message).toMatch(/^comes to \d+ values/);
  // As large as is taken, the engine answers.
  const fits = Array.from({ length: 900 }, (_, n) => `tool-${n}`).join(', ');
  expect(await checkRule(ctx, { yaml: text('tea').replace('tool: tea', `tool: [${fits}]`) })).toMatchObject({
    problems: [],
  });
});

it('a preview says what a text would have found, and keeps nothing', async () => {
  const before = await ctx.db.selectFrom('findings').select('id').orderBy('id').execute();
  const yaml = text('milk', OTHER);
  const preview = await previewRule(ctx, { yaml, days: 366 });
  // One a chain: records of one session that follow each other are one finding.
  expect(preview).toMatchObject({ findings: 5, isAll: true });
  expect(preview.days.reduce((sum, { findings }) => sum + findings, 0)).toBe(5);
  expect(preview.items.map(({ recordCount }) => recordCount).toSorted()).toEqual([1, 1, 1, 1, 2]);
  for (const { records } of preview.items)
    for (const { tool, decision, chain } of records)
      expect([tool, decision, chain]).toEqual([
        'milk',
        'allow',
        expect.stringMatching(/^(first|second|third|fourth|fifth)$/),
      ]);
  expect(preview.cost.records).toBe(8);
  expect(await ctx.db.selectFrom('findings').select('id').orderBy('id').execute()).toEqual(before);
  const wanted = new AbortController();
  wanted.abort(new Error('closed'));
  await expect(previewRule(ctx, { yaml, days: 1, signal: wanted.signal })).rejects.toThrow('closed');
  await expect(previewRule(ctx, { yaml: 'a: [', days: 1 })).rejects.toMatchObject({ details: { line: 1 } });
});

it('an import takes what it can, says of each other why not, and as a dry run keeps nothing', async () => {
  const NEW = '6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a04';
  const windows = `title: Whoami
id: e28a5a99-da44-436d-b7a0-2afc20a5f413
logsource: {category: process_creation, product: windows}
detection:
  selection:
    Image|endswith: \\whoami.exe
  condition: selection
`;
  const archive = makeZip([
    { name: 'rules/new.yml', content: Buffer.from(text('salt', NEW)) },
    { name: 'rules/twice.yaml', content: Buffer.from(text('pepper', NEW)) },
    { name: 'rules/here.yml', content: Buffer.from(current) },
    { name: 'rules/other.yml', content: Buffer.from(text('salt', ID)) },
    { name: 'rules/windows.yml', content: Buffer.from(windows) },
    { name: 'rules/bytes.yml', content: Buffer.from([0xff, 0xfe, 0x00]) },
    { name: 'LICENSE', content: Buffer.from('none') },
  ]);
  const take = (isDryRun: boolean, bytes: Uint8Array = archive, name = 'rules.zip') =>
    importRules(ctx, {
      body: (async function* () {
        yield bytes;
      })(),
      name,
      isDryRun,
      isEnabled: false,
      actor,
    });
  const tried = await take(true);
  expect(tried.taken).toMatchObject([{ file: 'rules/new.yml', id: NEW, title: 'Uses of salt', level: 'low' }]);
  expect(tried.known.map(({ file }) => file)).toEqual(['rules/here.yml']);
  expect(
    tried.refused.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message.slice(0, 56)}`),
  ).toEqual([
    'rules/bytes.yml:1:1 is no text in UTF-8 of at most 200000 characters without',
    `rules/other.yml:1:1 there is another rule with the id ${ID.slice(0, 22)}`,
    `rules/twice.yaml:1:1 has the id ${NEW} of rules`,
    'rules/windows.yml:6:5 detection.selection.Image|endswith: "Image" is no field ',
  ]);
  expect(tried.otherFiles).toBe(1);
  expect((await listRules(ctx)).items.some(({ id }) => id === NEW)).toBe(false);

  expect(await take(false)).toEqual({ ...tried, isDryRun: false });
  expect(await getRule(ctx, { ruleId: NEW })).toMatchObject({ version: 1, isEnabled: false, backfill: null });
  expect((await take(false)).taken).toEqual([]);
  const one = await take(true, Buffer.from('title: x\nid: ['), 'mine.yml');
  expect(one.refused).toMatchObject([{ file: 'mine.yml', line: 2 }]);
});

it('every look is kept, also one that finds nothing, and looks of an hour become one row that says as much', async () => {
  const MANY = '6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a07';
  const over = '{type: event_count, rules: [milk], group-by: [agent], timespan: 1h, condition: {gte: 50}}';
  const yaml = `${text('milk').replace(`id: ${ID}`, 'name: milk')}---\ntitle: Too much milk\nid: ${MANY}\ncorrelation: ${over}\n`;
  const { digest } = await createRule(ctx, { yaml, note: '', isEnabled: true, actor });
  const state = async () => (await getRule(ctx, { ruleId: MANY })).backfill?.state;
  await vi.waitUntil(async () => (await state()) === 'done', { timeout: 30_000 });
  await upload('without', ['water']);
  await upload('with', ['milk', 'water']);
  const all = async (limit = 500) => {
    const items: RuleRun[] = [];
    let cursor: string | undefined;
    do {
      const page = await listRuns(ctx, { ruleId: MANY, cursor, limit });
      items.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    return items;
  };
  const runs = await all();
  expect(runs).toEqual(await all(1));
  expect(runs.slice(0, 2)).toMatchObject([
    { because: 'chain', chains: 1, records: 2, looks: 1, ran: 0, unable: 1, none: 0, findings: 0, digest },
    { because: 'chain', chains: 1, records: 1, looks: 1, ran: 0, unable: 0, none: 1, findings: 0, digest },
  ]);
  expect(runs.slice(2).every(({ because, chains }) => because === 'backfill' && chains === null)).toBe(true);
  expect(runs.length).toBeGreaterThan(2);
  const before = await recordsBetween(ctx, { from: new Date(0), to: new Date('2200-01-01') });
  expect(runs.slice(2).reduce((sum, { records }) => sum + records, 0)).toBe(before - 3);
  const rule = await getRule(ctx, { ruleId: MANY });
  expect(rule).toMatchObject({ schedule: { on: 'records', looksOfDay: runs.length }, lag: { records: 0, seconds: 0 } });
  expect(rule.watermark).toBe(
    runs
      .map(({ window }) => window?.to ?? '')
      .toSorted()
      .at(-1),
  );

  const told = (rows: readonly RuleRun[]) =>
    [...Map.groupBy(rows, ({ because }) => because)].map(([because, of]) => ({
      because,
      ...Object.fromEntries(
        (['looks', 'ran', 'unable', 'none', 'failed', 'findings', 'records'] as const).map((key) => [
          key,
          of.reduce((sum, run) => sum + run[key], 0),
        ]),
      ),
      from: of.map(({ firstAt }) => firstAt).toSorted()[0],
      to: of
        .map(({ at }) => at)
        .toSorted()
        .at(-1),
    }));
  for (const laterMs of [3 * 3600_000, 40 * 24 * 3600_000]) {
    await foldLooks({ ...ctx, now: () => new Date(ctx.now().getTime() + laterMs) });
    const folded = await all();
    expect(told(folded)).toEqual(told(runs));
    expect(folded).toHaveLength(2);
  }
  await runIntegrityRules(ctx);
  const [ofChains] = (await listRules(ctx)).items.filter(({ kind }) => kind === 'chain');
  const chains = await listRuns(ctx, { ruleId: ofChains?.id ?? '', limit: 1 });
  expect(chains.items).toMatchObject([{ because: 'chains', window: null, failed: 0 }]);
  await switchRule(ctx, { ruleId: MANY, isEnabled: false, actor });
  await expect(listRuns(ctx, { ruleId: MANY.replace('0a07', '0aff'), limit: 1 })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});
