import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormatId } from '../core/chain/format';
import { formatById } from '../core/formats';
import { readRecord } from '../core/formats/read-line';
import { storableText } from '../core/text/storable';
import { appendRecords } from '../ingest/append-records';
import { ingestUpload } from '../ingest/upload';
import { loadTail } from '../lake/load-tail';
import { sessionHref, sessionSegment } from '../schemas/session-address';
import { Session, SessionGroups, SessionParams, SessionSteps } from '../schemas/sessions';
import { testActor } from '../testing/actor';
import { toBytes, writers } from '../testing/chains';
import { fixture } from '../testing/fixtures';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { getSession } from './session';
import { sessionGroups, sessionSteps } from './session-line';

const HOSTILE = [
  'a/b?c=d#e&f%2F%00',
  'nul \0 and half \ud83d of a pair',
  `🤖 "quoted" 'twice' \`and\` <script>`,
  '.',
  '..',
  '~tilde',
  ' ',
  '///',
  'x'.repeat(10_000),
  '日本語'.repeat(1_000),
  "'; DROP TABLE events; --",
  String.raw`back\slash {id: String}`,
];

let installation: TestInstallation;
const chainIds = new Map<string, string>();
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
}, 120_000);
afterAll(() => installation?.stop(), 60_000);

async function upload(chain: string, bytes: Buffer): Promise<string> {
  const body = Readable.from([bytes]);
  const { chainId } = await ingestUpload(installation.ctx, { fileName: 'log.jsonl', chain, body, actor: testActor() });
  await installation.settled(chainId);
  chainIds.set(chain, chainId);
  return chainId;
}

/** A genuine Occasio log: each record follows the one before it. */
function occasioLog(records: readonly Record<string, unknown>[]): string[] {
  let prev = '0'.repeat(64);
  return records.map((record, n) => {
    const covered = {
      audit_schema: 1,
      ts: new Date(Date.UTC(2026, 4, 12) + n * 1000).toISOString(),
      event_id: `e-${n}`,
      agent: 'claude-code',
      kind: 'tool_call',
      tool_name: 'read_file',
      tool_inputs: { path: `/srv/${n % 3}` },
      action: 'PASS',
      ...record,
      prev_hash: prev,
    };
    prev = installation.ctx.hasher.sha256(Buffer.from(JSON.stringify(covered)));
    return JSON.stringify({ ...covered, hash: prev });
  });
}

describe.each([
  { format: 'occasio', id: 'sess-1' },
  { format: 'occasio', id: '3f2a9d1c-0001-4000-8000-000000000001' },
  { format: 'arbiter', id: 'd1135a6d-3828-45a8-a6fc-2138570b4239' },
  { format: 'nono', id: '20260421-200000-11111' },
  { format: 'nono', id: 'r' },
  { format: 'agentfence', id: '0f9d2c1e-6a51-4c55-9a3e-6a5f0c0ffee0' },
] as const satisfies { format: FormatId; id: string }[])('$id of the sample of $format', ({ format, id }) => {
  it('has the records that name it, in the order of their chain, with their figures', async () => {
    const { ctx } = installation;
    const bytes = fixture(format, 'valid');
    const chainId = chainIds.get(format) ?? (await upload(format, bytes));
    const events = bytes
      .toString()
      .trimEnd()
      .split('\n')
      .map((line, ordinal) => {
        const read = readRecord(Buffer.from(line));
        if (!('record' in read)) throw new Error('the sample holds a line that is no record');
        return { ordinal, ...formatById(format).toEvent(read.record) };
      })
      .filter(({ sessionId, runId }) => sessionId === id || runId === id);
    const sum = (of: (event: (typeof events)[number]) => number) => events.reduce((all, event) => all + of(event), 0);
    const session = Session.parse(await getSession(ctx, { sessionId: id }));
    expect(session).toMatchObject({
      id,
      records: events.length,
      counts: Object.fromEntries(
        [...Map.groupBy(events, ({ decision }) => decision)].map(([decision, of]) => [decision, of.length]),
      ),
      secretsRedacted: sum(({ secretsRedacted }) => secretsRedacted),
      inputTokens: sum(({ inputTokens }) => inputTokens),
      outputTokens: sum(({ outputTokens }) => outputTokens),
      untimed: sum(({ recordedAt }) => (recordedAt === null ? 1 : 0)),
    });
    expect(session.costUsd).toBeCloseTo(
      sum(({ costUsd }) => costUsd),
      9,
    );
    expect(session.chains).toMatchObject([
      {
        chainId,
        name: format,
        verdict: 'verified',
        first: events[0]?.ordinal,
        last: events.at(-1)?.ordinal,
        asSession: sum(({ sessionId }) => (sessionId === id ? 1 : 0)),
        isOpen: false,
        attested: { records: events.length },
      },
    ]);
    const listed = (of: 'agent' | 'tool' | 'model' | 'host') =>
      Object.fromEntries(
        [...Map.groupBy(events, (event) => event[of])].flatMap(([value, same]) =>
          value ? [[value, same.length]] : [],
        ),
      );
    for (const field of ['agent', 'tool', 'model', 'host'] as const) {
      const list = session.lists.find((one) => one.field === field);
      expect({
        field,
        values: Object.fromEntries(list?.values.map(({ value, records }) => [value, records]) ?? []),
      }).toEqual({
        field,
        values: listed(field),
      });
    }
    const files = events.filter(({ resourceClass }) => resourceClass === 'path');
    expect(Object.fromEntries(session.files.items.map(({ path, records }) => [path, records]))).toEqual(
      Object.fromEntries([...Map.groupBy(files, ({ target }) => target)].map(([path, of]) => [path, of.length])),
    );
    const { items } = SessionSteps.parse(await sessionSteps(ctx, { sessionId: id, only: [], skip: 0, limit: 500 }));
    expect(items.map(({ ordinal, decision, target }) => ({ ordinal, decision, target }))).toEqual(
      events.map(({ ordinal, decision, target }) => ({ ordinal, decision, target })),
    );
    const { total } = SessionGroups.parse(await sessionGroups(ctx, { sessionId: id, only: [] }));
    expect(total).toBe(events.length);
  }, 120_000);
});

it('a run of Occasio has its policy, its repository at both ends, and what its files were used for', async () => {
  const session = await getSession(installation.ctx, { sessionId: '3f2a9d1c-0001-4000-8000-000000000001' });
  const chainId = chainIds.get('occasio');
  expect(session.git).toMatchObject([
    { chainId, ordinal: 1, state: { isRepo: true, branch: 'main', head: 'a'.repeat(40), dirty: false } },
    { chainId, state: { dirty: true, changedFiles: ['src/a b.ts', 'src/ü.ts'] } },
  ]);
  // It is stated before the run begins, apart from it.
  expect(session.policies[0]).toMatchObject({ chainId, ordinal: 0, digest: 'ab'.repeat(32), records: 0 });
  expect(session.lists.find(({ field }) => field === 'session')?.values.map(({ value }) => value)).toEqual([
    'sess-1',
    '3f2a9d1c-0001-4000-8000-000000000001',
  ]);
});

it('a run of Occasio is grouped by its turns, each ended by a request; a long gap parts one', async () => {
  const { ctx } = installation;
  const run = { sessionId: '3f2a9d1c-0001-4000-8000-000000000001', only: [] };
  const { items } = await sessionSteps(ctx, { ...run, skip: 0, limit: 500 });
  const turns = [0];
  for (const { kind } of items) {
    turns.push((turns.pop() ?? 0) + 1);
    if (kind === 'request') turns.push(0);
  }
  const grouped = await sessionGroups(ctx, run);
  expect(grouped).toMatchObject({ groupSeconds: null, hasTurns: true, total: items.length });
  expect(grouped.groups.map(({ records }) => records)).toEqual(turns.filter((records) => records > 0));
  expect(grouped.groups.map(({ turn }) => turn)).toEqual(grouped.groups.map((_, at) => at + 1));
  expect(await sessionGroups(ctx, { ...run, by: 'minute' })).toMatchObject({ groupSeconds: 60, hasTurns: true });
  // Its session has no request of its own.
  expect(await sessionGroups(ctx, { sessionId: 'sess-1', only: [] })).toMatchObject({
    groupSeconds: 60,
    hasTurns: false,
  });

  const at = (minutes: number) => new Date(Date.UTC(2026, 4, 13, 8, minutes)).toISOString();
  const request = { kind: 'request', event_type: 'cloud_sent' };
  const told = [
    { ts: at(0) },
    { ts: at(1), ...request },
    { ts: at(2) },
    { ts: at(30), action: 'BLOCK' },
    { ts: at(31), ...request },
  ];
  await upload('turns', toBytes(occasioLog(told.map((one) => ({ run_id: 'turns', ...one })))));
  const parted = await sessionGroups(ctx, { sessionId: 'turns', only: [] });
  expect(parted.groups.map(({ turn, records, gapSeconds }) => ({ turn, records, gapSeconds }))).toEqual([
    { turn: 1, records: 2, gapSeconds: null },
    { turn: 2, records: 1, gapSeconds: null },
    { turn: 2, records: 2, gapSeconds: 28 * 60 },
  ]);
  const denied = await sessionGroups(ctx, { sessionId: 'turns', only: ['denied'] });
  expect(denied.groups).toMatchObject([{ turn: 2, records: 1 }]);
}, 120_000);

it('findings stand at the steps of the session they cite, and at no other', async () => {
  const { ctx } = installation;
  const blocked = (n: number) => ({ session_id: n % 4 === 3 ? 'aside' : 'burst', tool_name: 'bash', action: 'BLOCK' });
  const chainId = await upload('burst', toBytes(occasioLog(Array.from({ length: 80 }, (_, n) => blocked(n)))));
  const rows = await ctx.db
    .selectFrom('findings as f')
    .innerJoin('finding_chains as c', 'c.finding_id', 'f.id')
    .where('f.superseded_at', 'is', null)
    .where('c.chain_id', '=', chainId)
    .select(['f.id', 'c.ordinals'])
    .execute();
  const all: string[] = [];
  for (const id of ['burst', 'aside']) {
    const { findings } = await getSession(ctx, { sessionId: id });
    const { items } = await sessionSteps(ctx, { sessionId: id, only: [], skip: 0, limit: 500 });
    const steps = new Set(items.map(({ ordinal }) => ordinal));
    const cited = rows.flatMap((row) =>
      row.ordinals.filter((ordinal) => steps.has(ordinal)).map((n) => `${row.id} ${n}`),
    );
    const shown = findings.flatMap(({ id: findingId, records }) =>
      records.map(({ ordinal }) => `${findingId} ${ordinal}`),
    );
    expect(shown.toSorted()).toEqual(cited.toSorted());
    all.push(...cited);
  }
  expect(all.length).toBeGreaterThan(0);
}, 120_000);

it('an id that two agents share is said to be in the chains of both, and one of them can be asked for', async () => {
  const { ctx } = installation;
  const one = await upload('shared/one', toBytes(occasioLog([{ session_id: 'both' }, { session_id: 'both' }])));
  const two = await upload(
    'shared/two',
    toBytes(
      occasioLog([
        { session_id: 'both', agent: 'other' },
        { session_id: 'else', run_id: 'both', agent: 'other' },
      ]),
    ),
  );
  const session = await getSession(ctx, { sessionId: 'both' });
  expect(session.records).toBe(4);
  expect(
    session.chains
      .map(({ chainId, records, asSession }) => ({ chainId, records, asSession }))
      .toSorted((a, b) => b.asSession - a.asSession),
  ).toEqual([
    { chainId: one, records: 2, asSession: 2 },
    { chainId: two, records: 2, asSession: 1 },
  ]);
  expect((await getSession(ctx, { sessionId: 'both', chain: two })).chains).toMatchObject([
    { chainId: two, records: 2 },
  ]);
  await expect(getSession(ctx, { sessionId: 'both', chain: chainIds.get('occasio') })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
}, 120_000);

it('ids are found whatever characters they are made of, by the address they have', async () => {
  const { ctx } = installation;
  await upload('hostile', toBytes(occasioLog(HOSTILE.map((id) => ({ session_id: id })))));
  for (const id of HOSTILE) {
    const stored = storableText(id);
    const segment = sessionSegment(stored);
    expect(segment).toMatch(/^[\w.~!*'()%-]+$/);
    expect(['.', '..']).not.toContain(segment);
    expect(new URL(sessionHref(stored) ?? '', 'http://sealtrail').pathname).toBe(`/sessions/${segment}`);
    const { sessionId } = SessionParams.parse({ sessionId: decodeURIComponent(segment ?? '') });
    expect(await getSession(ctx, { sessionId })).toMatchObject({ id: stored, records: 1 });
    expect((await sessionSteps(ctx, { sessionId, only: [], skip: 0, limit: 5 })).items).toHaveLength(1);
  }
  expect(sessionSegment('x'.repeat(20_000))).toBeNull();
}, 120_000);

it('a session of 100,000 records is counted by the lake and read a part at a time; one that goes on has what was added', async () => {
  const { ctx } = installation;
  const records = 100_000;
  const lines = writers(ctx.hasher).agentfence.write(
    Array.from({ length: records + 10 }, (_, n) => ({
      tool: n % 3 === 0 ? 'filesystem.read' : 'shell.run',
      decision: n % 10 === 0 ? ('deny' as const) : ('allow' as const),
      note: `/srv/${n % 7}`,
    })),
  );
  const send = (bytes: Buffer) =>
    appendRecords(ctx, {
      chain: 'long',
      format: 'agentfence',
      bytes,
      precondition: { kind: 'lines' },
      idempotency: null,
      actor: testActor(),
    });
  const step = 20_000;
  for (let at = 0; at < records; at += step) await send(toBytes(lines.slice(at, Math.min(at + step, records))));
  const { chainId } = await send(toBytes(lines.slice(records, records + 1)));
  const loaded = async () => {
    await loadTail(ctx, { chainId });
    return (await getSession(ctx, { sessionId: 's', chain: chainId })).records;
  };
  await expect.poll(loaded, { timeout: 120_000, interval: 500 }).toBe(records + 1);

  const session = await getSession(ctx, { sessionId: 's', chain: chainId });
  expect(session.chains).toMatchObject([{ isOpen: true, first: 0, last: records }]);
  expect(session.counts).toEqual({ allow: records - records / 10, deny: records / 10 + 1 });
  expect(session.overTime.length).toBeLessThanOrEqual(125);
  expect(session.files.items).toHaveLength(7);
  const line = { sessionId: 's', chain: chainId, only: [] };
  const { groups, total, groupSeconds } = await sessionGroups(ctx, line);
  expect({ total, groupSeconds }).toEqual({ total: records + 1, groupSeconds: 300 });
  expect(groups.length).toBeLessThanOrEqual(1_000);

  const middle = await sessionSteps(ctx, { ...line, step: { chainId, ordinal: 50_000 }, skip: 0, limit: 3 });
  expect(middle).toMatchObject({
    before: 50_000,
    items: [{ ordinal: 50_000 }, { ordinal: 50_001 }, { ordinal: 50_002 }],
  });
  const denied = await sessionSteps(ctx, {
    ...line,
    only: ['denied'],
    step: { chainId, ordinal: 50_001 },
    skip: 0,
    limit: 2,
  });
  expect(denied).toMatchObject({ before: 5_001, items: [{ ordinal: 50_010 }, { ordinal: 50_020 }] });

  const end = await sessionSteps(ctx, { ...line, step: { chainId, ordinal: records - 1 }, skip: 0, limit: 1 });
  expect(end.nextCursor).not.toBeNull();
  await send(toBytes(lines.slice(records + 1)));
  await expect.poll(loaded, { timeout: 60_000, interval: 500 }).toBe(records + 10);
  const added = await sessionSteps(ctx, { ...line, cursor: end.nextCursor ?? undefined, skip: 0, limit: 50 });
  expect(added.items.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: 10 }, (_, n) => records + n));
}, 300_000);
