import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { personActor } from '../access/actor';
import { type CatalogRule, catalog } from '../detect/catalog';
import { FoundFindings } from '../detect/found-findings';
import type { NewFinding } from '../detect/write-findings';
import { writeFindings } from '../detect/write-findings';
import { testAdmin } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { getCase, listCases } from './cases/cases';
import { changeCase, changeCaseFindings } from './cases/change-case';
import { createCase } from './cases/create-case';
import { changeFinding } from './change-finding';
import { changeFindings } from './change-findings';
import { commentOn } from './comment';
import { getFinding, listFindings } from './findings';
import { triageTimes } from './times';
import { undoChange } from './undo-change';

let installation: TestInstallation;
let rule: CatalogRule;
let ada: ReturnType<typeof personActor>;
beforeAll(async () => {
  installation = await startInstallation();
  const [first] = await catalog(installation.ctx);
  if (!first) throw new Error('there are rules');
  rule = first;
  ada = personActor(
    await testAdmin(installation.ctx, {
      name: 'Ada',
      email: 'ada@example.org',
      password: 'correct horse battery staple',
    }),
  );
}, 120_000);
afterAll(() => installation?.stop());

const at = (minute: number) => new Date(Date.UTC(2026, 4, 11, 8, minute));
const DAY = { from: at(0), to: at(24 * 60) };
const burst = (group: string, from: number, to: number): NewFinding => ({
  chains: new Map(),
  row: {
    rule_id: rule.id,
    rule_digest: rule.digest,
    rule_yaml: rule.yaml,
    title: rule.title,
    level: rule.level,
    group_key: JSON.stringify([group]),
    group_values: JSON.stringify({ session_id: group }),
    window_from: at(from),
    window_to: at(to),
    measures: JSON.stringify({ kind: 'event_count', count: to - from, threshold: 5, timespan: '15m' }),
    record_count: to - from,
    records: '[]',
  },
});

/** What the rule finds now, held in memory or, where there is much, in a table. */
async function run(findings: readonly NewFinding[], more = 0): Promise<void> {
  await installation.ctx.db.connection().execute(async (db) => {
    const found = new FoundFindings(db);
    for (let index = 0; index < more; index += 1) await found.add(rule, burst(`filler ${index}`, 0, 5));
    for (const finding of findings) await found.add(rule, finding);
    await found.transaction((tx) =>
      writeFindings(installation.ctx, tx, new Map([[rule, DAY]]), found, installation.ctx.now()),
    );
    await found.end();
  });
}
const listed = async () =>
  (await listFindings(installation.ctx, { ruleId: rule.id, limit: 500, sort: 'window' })).items;

it.each([
  ['in memory', 0],
  ['in a table', 210],
])('what is decided stays with a finding that grows, also before its start (%s)', async (name, more) => {
  const { ctx } = installation;
  await run([burst(name, 10, 20), burst(`other ${name}`, 10, 20), burst(name, 40, 50)], more);
  const of = async (group: string) => (await listed()).filter(({ group: is }) => is['session_id'] === group);
  const [first, second] = await of(name);
  const findingId = first?.id ?? '';
  await changeFinding(ctx, { findingId, change: { status: 'in_progress' }, actor: ada });
  await commentOn(ctx, { findingId, text: 'asked the owner', actor: ada });
  await changeFinding(ctx, {
    findingId,
    change: { status: 'closed', verdict: 'benign', reason: 'a test of theirs' },
    actor: ada,
  });
  const decided = await getFinding(ctx, { findingId });
  // It grows at its end, then a record comes late that stands before it, then that one is gone again.
  for (const [from, to] of [
    [10, 25],
    [5, 25],
    [7, 25],
  ] as const) {
    // prettier-ignore
    await run([burst(name, from, to), burst(`other ${name}`, 10, 20), burst(name, 40, 50)], more);
    expect((await of(name)).map(({ id, windowFrom }) => [id, windowFrom])).toEqual([
      [findingId, at(from).toISOString()],
      [second?.id, at(40).toISOString()],
    ]);
    expect(await getFinding(ctx, { findingId })).toEqual({
      ...decided,
      windowFrom: at(from).toISOString(),
      windowTo: at(to).toISOString(),
      measures: { ...decided.measures, count: to - from },
      recordCount: to - from,
    });
  }
  // A record between two makes one of them: that which somebody did something about.
  await run([burst(name, 5, 50)], more);
  expect((await of(name)).map(({ id, status }) => [id, status])).toEqual([[findingId, 'closed']]);
  expect((await getFinding(ctx, { findingId: second?.id ?? '' })).supersededAt).not.toBeNull();
  expect(
    decided.history.map(({ changes, comment, by, recordCount }) => [changes, comment, by.name, recordCount]),
  ).toEqual([
    [
      {
        status: { from: 'new', to: 'in_progress' },
        assignee: { from: null, to: { id: ada.id, name: 'Ada' } },
      },
      null,
      'ada@example.org',
      10,
    ],
    [{}, 'asked the owner', 'ada@example.org', 10],
    [
      { status: { from: 'in_progress', to: 'closed' }, verdict: { from: null, to: 'benign' } },
      'a test of theirs',
      'ada@example.org',
      10,
    ],
  ]);
  await expect(sql`UPDATE finding_acts SET comment = 'x'`.execute(ctx.db)).rejects.toThrow(/only ever added/);
  await expect(sql`DELETE FROM finding_acts`.execute(ctx.db)).rejects.toThrow(/only ever added/);
});

it('many are changed by a query in steps, each with its row in the history and the audit log, or none when others match', async () => {
  const { ctx } = installation;
  const many = 1_203;
  await run(Array.from({ length: many }, (_, index) => burst(`session ${index}`, 0, 6)));
  const query = { ruleId: rule.id, status: ['new' as const] };
  const before = (await listFindings(ctx, { ...query, limit: 1, total: 'exact' })).total ?? 0;
  expect(before).toBeGreaterThanOrEqual(many);
  const change = { status: 'closed', verdict: 'duplicate', reason: 'one cause' } as const;
  await expect(
    changeFindings(ctx, { asked: { query, expected: before + 1, change }, actor: ada }),
  ).rejects.toMatchObject({
    code: 'CONFLICT',
    details: { matched: before, expected: before + 1 },
  });
  const asked = { query, expected: before, change };
  const closed = await changeFindings(ctx, { asked, actor: ada });
  expect(closed).toEqual({
    matched: before,
    changed: before,
    unchanged: 0,
    unknown: [],
    changeId: expect.any(String),
  });
  expect((await listFindings(ctx, { ...query, limit: 1, total: 'exact' })).total).toBe(0);
  const { rows } = await sql<{ acts: number; audited: number; findings: number }>`
    SELECT (SELECT count(*)::int FROM finding_acts WHERE comment = 'one cause') AS acts,
      (SELECT count(*)::int FROM audit_log WHERE action = 'finding.close' AND details->>'verdict' = 'duplicate') AS audited,
      (SELECT count(*)::int FROM findings WHERE verdict = 'duplicate') AS findings`.execute(ctx.db);
  expect(rows).toEqual([{ acts: before, audited: before, findings: before }]);

  const [one, two, three] = (await listFindings(ctx, { ruleId: rule.id, verdict: ['duplicate'], limit: 3 })).items;
  const unknown = '0195f7a2-0000-7000-8000-000000000000';
  const ids = [one?.id ?? '', two?.id ?? '', unknown];
  await changeFinding(ctx, { findingId: ids[0] ?? '', change: { status: 'new' }, actor: ada });
  expect(await changeFindings(ctx, { asked: { ids, change: { status: 'new' } }, actor: ada })).toEqual({
    matched: 2,
    changed: 1,
    unchanged: 1,
    unknown: [unknown],
    changeId: expect.any(String),
  });
  await expect(
    changeFindings(ctx, { asked: { ids, change: { assigneeId: 'nobody' } }, actor: ada }),
  ).rejects.toMatchObject({ code: 'BAD_REQUEST', details: { field: 'assigneeId' } });

  // Both are new again, which is a change of theirs; the rest is put back as it was, by whoever changed it, once.
  const changeId = closed.changeId ?? '';
  const undo = (by: Partial<typeof ada> = {}, at = ctx.now()) =>
    undoChange({ ...ctx, now: () => at }, { changeId, actor: { ...ada, ...by } });
  await expect(undo({ id: 'somebody' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(undo({}, new Date(Date.now() + 3_700_000))).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(undoChange(ctx, { changeId: unknown, actor: ada })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await commentOn(ctx, { findingId: three?.id ?? '', text: 'no change', actor: ada });
  expect(await undo()).toEqual({ changed: before, restored: before - 2 });
  expect(await undo()).toEqual({ changed: before, restored: 0 });
  expect((await listFindings(ctx, { ...query, limit: 1, total: 'exact' })).total).toBe(before);
  const { rows: left } = await sql<{ decided: number; taken_up: number; undone: number }>`
    SELECT (SELECT count(*)::int FROM findings WHERE status = 'new' AND (decided_at IS NOT NULL OR verdict IS NOT NULL)) AS decided,
      (SELECT count(*)::int FROM findings WHERE status = 'new' AND acknowledged_at IS NOT NULL AND id <> ALL(${ids}::uuid[])
        AND NOT EXISTS (SELECT FROM finding_acts a WHERE a.finding_id = findings.id AND a.change_id IS NULL AND a.undoes IS NULL AND a.changes <> '{}')) AS taken_up,
      (SELECT count(*)::int FROM audit_log WHERE action = 'finding.undo' AND details->>'change' = ${changeId}) AS undone`.execute(
    ctx.db,
  );
  expect(left).toEqual([{ decided: 0, taken_up: 0, undone: before - 2 }]);
  expect(
    (await getFinding(ctx, { findingId: three?.id ?? '' })).history.map(({ changes, isUndo }) => [changes, isUndo]),
  ).toEqual([
    [{ status: { from: 'new', to: 'closed' }, verdict: { from: null, to: 'duplicate' } }, false],
    [{}, false],
    [{ status: { from: 'closed', to: 'new' }, verdict: { from: 'duplicate', to: null } }, true],
  ]);
  await changeFinding(ctx, { findingId: three?.id ?? '', change: { status: 'closed', verdict: 'benign' }, actor: ada });
});

it('how long findings waited is what their rows give, and earlier ones of the same group are told with their verdicts', async () => {
  const { ctx } = installation;
  const period = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' };
  const times = await triageTimes(ctx, period);
  const rows = await listFindingsOfAll();
  const seconds = (pick: (row: (typeof rows)[number]) => string | null) =>
    rows
      .flatMap((row) => {
        const until = pick(row);
        return until === null ? [] : [Math.max(0, (Date.parse(until) - Date.parse(row.foundAt)) / 1000)];
      })
      .toSorted((a, b) => a - b);
  expect(times.found).toBe(rows.length);
  for (const [given, of] of [
    [times.acknowledged, seconds(({ acknowledgedAt }) => acknowledgedAt)],
    [times.decided, seconds(({ decidedAt }) => decidedAt)],
  ] as const) {
    expect(given.findings).toBe(of.length);
    expect(given.meanSeconds).toBeCloseTo(of.reduce((sum, one) => sum + one, 0) / of.length, 1);
    const middle = ((of[Math.floor((of.length - 1) / 2)] ?? 0) + (of[Math.ceil((of.length - 1) / 2)] ?? 0)) / 2;
    expect(given.medianSeconds).toBeCloseTo(middle, 1);
  }
  expect(await triageTimes(ctx, { from: period.from, to: '2000-01-02T00:00:00.000Z' })).toEqual({
    found: 0,
    acknowledged: { findings: 0, meanSeconds: null, medianSeconds: null },
    decided: { findings: 0, meanSeconds: null, medianSeconds: null },
  });

  await run([burst('again', 0, 6), burst('again', 60, 66), burst('again', 120, 126)]);
  const [first, second, third] = (await listed()).filter(({ group }) => group['session_id'] === 'again');
  await changeFinding(ctx, {
    findingId: first?.id ?? '',
    change: { status: 'resolved', verdict: 'true_positive' },
    actor: ada,
  });
  expect((await getFinding(ctx, { findingId: third?.id ?? '' })).seenBefore).toEqual({
    total: 2,
    verdicts: { true_positive: 1 },
    items: [
      { id: second?.id, windowFrom: at(60).toISOString(), status: 'new', verdict: null },
      { id: first?.id, windowFrom: at(0).toISOString(), status: 'resolved', verdict: 'true_positive' },
    ],
  });
  await run([burst('again', 0, 6), burst('again', 60, 66), burst('again', 60 * 24, 60 * 24 + 6)]);
  const { related } = await getFinding(ctx, { findingId: first?.id ?? '' });
  expect(related).toMatchObject([
    { id: second?.id, group: { session_id: 'again' }, windowFrom: at(60).toISOString(), verdict: null },
  ]);
});

it('a case gathers findings of one story in the order of time, keeps them when they move or go, and everything that was done about it', async () => {
  const { ctx } = installation;
  await run([burst('story', 30, 36), burst('story', 0, 6)]);
  const findings = (await listed()).filter(({ group }) => group['session_id'] === 'story');
  const [early = '', late = ''] = findings.map(({ id }) => id);
  const { id: caseId } = await createCase(ctx, { title: 'A story', findingIds: [late], actor: ada });
  const at1 = { caseId, actor: ada };
  await changeCaseFindings(ctx, { ...at1, add: [early, late], remove: [] });
  await changeCase(ctx, { ...at1, change: { status: 'in_progress', note: 'asked the owner' } });
  await changeCase(ctx, { ...at1, change: { title: 'A longer story', ownerId: null } });
  await changeCase(ctx, { ...at1, change: { title: 'A longer story', status: 'in_progress' } });
  // One grows at its start, the other is found no more.
  await run([burst('story', 28, 36)]);
  const { timeline, history, ...rest } = await getCase(ctx, { caseId, workspaceId: ada.workspaceId });
  expect(timeline.map(({ id, windowFrom, supersededAt }) => [id, windowFrom, supersededAt === null])).toEqual([
    [early, at(0).toISOString(), false],
    [late, at(28).toISOString(), true],
  ]);
  expect(rest).toMatchObject({
    title: 'A longer story',
    status: 'in_progress',
    owner: null,
    createdBy: 'ada@example.org',
    findings: 2,
    level: rule.level,
    from: at(0).toISOString(),
    to: at(36).toISOString(),
  });
  expect(history.map(({ changes, note }) => [changes, note])).toEqual([
    [{ added: [late] }, null],
    [{ added: [early] }, null],
    [{ status: { from: 'new', to: 'in_progress' } }, 'asked the owner'],
    [
      { title: { from: 'A story', to: 'A longer story' }, owner: { from: { id: ada.id, name: 'Ada' }, to: null } },
      null,
    ],
  ]);
  expect((await getFinding(ctx, { findingId: late })).cases).toEqual([
    { id: caseId, title: 'A longer story', status: 'in_progress' },
  ]);
  const unknown = '0195f7a2-0000-7000-8000-000000000000';
  await expect(changeCaseFindings(ctx, { ...at1, add: [unknown], remove: [early] })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  const listedCases = (status: 'new' | 'in_progress') =>
    listCases(ctx, { status: [status], limit: 10, workspaceId: ada.workspaceId });
  expect(await listedCases('in_progress')).toEqual({ items: [rest], nextCursor: null, total: 1 });
  expect((await listedCases('new')).items).toEqual([]);
  await expect(sql`DELETE FROM case_acts`.execute(ctx.db)).rejects.toThrow(/only ever added/);
});

async function listFindingsOfAll() {
  const rows = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listFindings(installation.ctx, { limit: 500, cursor });
    rows.push(...page.items);
    if (page.nextCursor === null) return rows;
    cursor = page.nextCursor;
  }
}
