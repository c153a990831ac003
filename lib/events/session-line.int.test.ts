import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COLUMNS, DECISIONS, type Decision } from '../core/event/fields';
import type { LakeValue } from '../lake/event-row';
import { nativeBlock } from '../lake/native-block';
import { insertBlockInto } from '../lake/write';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { getSession } from './session';
import { sessionGroups, sessionSteps } from './session-line';

const CHAINS = [
  '01890000-0000-7000-8000-000000000001',
  '01890000-0000-7000-8000-000000000002',
  'f1890000-0000-7000-8000-000000000003',
];
const IDS = ['run 7', 'other', ''];
const START_MS = Date.UTC(2026, 4, 1);
const UNTIMED = '1970-01-01 00:00:00.000000';
const AHEAD = '2200-01-01 00:00:00.000000';

type Row = {
  chain: string;
  ordinal: number;
  /** As the lake writes it. */
  at: string;
  session: string;
  run: string;
  decision: Decision;
  secrets: number;
  tokens: number;
};

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
});
afterAll(() => installation?.stop());

const time = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 4 * 3600 }).map((seconds) => lakeTime(seconds * 1000)) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 120_000 }).map(lakeTime) },
  { weight: 1, arbitrary: fc.constantFrom(UNTIMED, AHEAD) },
);
const rows = fc
  .array(
    fc.record({
      chain: fc.constantFrom(...CHAINS),
      at: time,
      session: fc.constantFrom(...IDS),
      run: fc.constantFrom(...IDS),
      decision: fc.constantFrom(...DECISIONS),
      secrets: fc.constantFrom(0, 0, 0, 2),
      tokens: fc.constantFrom(0, 10),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((list) => list.map((row, ordinal): Row => ({ ...row, ordinal })));

function lakeTime(ms: number): string {
  return `${new Date(START_MS + ms).toISOString().slice(0, 23).replace('T', ' ')}000`;
}

/** Rows of the lake, each there twice as when a process was killed between two steps. */
async function load(list: readonly Row[]): Promise<void> {
  const { ctx } = installation;
  await ctx.lake.command({ query: 'TRUNCATE TABLE events' });
  const filled = (row: Row): Record<string, LakeValue> => ({
    chain_id: row.chain,
    segment_index: 0,
    segment_digest: '',
    ordinal: row.ordinal,
    line: row.ordinal + 1,
    byte_offset: 0,
    byte_length: 1,
    format: 'arbiter',
    recorded_at: row.at,
    session_id: row.session,
    run_id: row.run,
    decision: row.decision,
    secrets_redacted: row.secrets,
    input_tokens: row.tokens,
    sequence: null,
    integrity: 'ok',
  });
  const values = list.map((row) => ({
    chainId: row.chain,
    ordinal: row.ordinal,
    byteLength: 1,
    values: COLUMNS.map(({ name, type }) => {
      const value = filled(row)[name];
      if (value !== undefined) return value;
      return type === 'text' || type === 'word' ? '' : 0;
    }),
  }));
  for (let n = 0; n < 2; n += 1) await insertBlockInto(ctx, 'events', nativeBlock(values));
}

/** The line said plainly: each chain in its order, with the latest time it has stated so far, the first where it has stated none yet. */
function lineOf(list: readonly Row[], id: string): (Row & { time: string })[] {
  const of = list.filter(({ session, run }) => session === id || run === id);
  const timed = [...Map.groupBy(of, ({ chain }) => chain).values()].flatMap((chain) => {
    const stated = chain.filter(({ at }) => at !== UNTIMED && at !== AHEAD).map(({ at }) => at);
    let latest = stated.toSorted()[0] ?? UNTIMED;
    return chain.map((row) => {
      if (row.at !== UNTIMED && row.at !== AHEAD && row.at > latest) latest = row.at;
      return { ...row, time: latest };
    });
  });
  return timed.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

async function every(only: readonly ('denied' | 'redacted')[], limit: number): Promise<string[]> {
  const steps: string[] = [];
  for (let cursor: string | undefined, n = 0; n < 100; n += 1) {
    const page = await sessionSteps(installation.ctx, { sessionId: 'run 7', only, cursor, skip: 0, limit });
    steps.push(...page.items.map(({ chainId, ordinal }) => `${chainId}:${ordinal}`));
    if (page.nextCursor === null) return steps;
    cursor = page.nextCursor;
  }
  throw new Error('the line does not end');
}

const keyOf = ({ chain, ordinal }: Row) => `${chain}:${ordinal}`;

it('the line has every step once, each chain in its own order, whatever their clocks do; groups and figures count the same', async () => {
  const { ctx } = installation;
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 9 }), async (list, limit) => {
      await load(list);
      const line = lineOf(list, 'run 7');
      fc.pre(line.length > 0);
      const seen = await every([], limit);
      expect(seen.toSorted()).toEqual(line.map(keyOf).toSorted());
      const time = new Map(line.map((row) => [keyOf(row), row.time]));
      expect(seen.map((key) => time.get(key))).toEqual(line.map((row) => row.time));
      for (const chain of CHAINS)
        expect(seen.filter((key) => key.startsWith(chain))).toEqual(
          list.filter((row) => row.chain === chain && time.has(keyOf(row))).map(keyOf),
        );
      const standing = line.filter(({ decision, secrets }) => decision === 'deny' || secrets > 0).map(keyOf);
      expect(await every(['denied', 'redacted'], limit)).toEqual(seen.filter((key) => standing.includes(key)));

      const { groups, total, groupSeconds } = await sessionGroups(ctx, { sessionId: 'run 7', only: [] });
      expect({ total, groupSeconds }).toEqual({ total: line.length, groupSeconds: 60 });
      const minutes = [...Map.groupBy(line, (row) => row.time.slice(0, 16)).values()];
      expect(groups.map(({ records, untimed }) => ({ records, untimed }))).toEqual(
        minutes.map((of) => ({
          records: of.length,
          untimed: of.filter(({ at }) => at === UNTIMED || at === AHEAD).length,
        })),
      );
      let before = 0;
      for (const { cursor, records } of groups) {
        const { items } = await sessionSteps(ctx, { sessionId: 'run 7', only: [], cursor, skip: 0, limit: records });
        expect(items.map(({ chainId, ordinal }) => `${chainId}:${ordinal}`)).toEqual(
          seen.slice(before, before + records),
        );
        before += records;
      }

      const session = await getSession(ctx, { sessionId: 'run 7' });
      const sum = (of: (row: Row) => number) => line.reduce((all, row) => all + of(row), 0);
      expect(session).toMatchObject({
        records: line.length,
        counts: Object.fromEntries(
          [...Map.groupBy(line, ({ decision }) => decision)].map(([decision, of]) => [decision, of.length]),
        ),
        secretsRedacted: sum(({ secrets }) => secrets),
        redacted: sum(({ secrets }) => (secrets > 0 ? 1 : 0)),
        inputTokens: sum(({ tokens }) => tokens),
        untimed: sum(({ at }) => (at === UNTIMED ? 1 : 0)),
      });
      expect(session.overTime.reduce((all, { inputTokens }) => all + inputTokens, 0)).toBe(
        sum(({ at, tokens }) => (at === UNTIMED || at === AHEAD ? 0 : tokens)),
      );
      const some = seen[limit % seen.length] ?? '';
      const [chainId = '', ordinal = ''] = some.split(':');
      const from = await sessionSteps(ctx, {
        sessionId: 'run 7',
        only: [],
        step: { chainId, ordinal: Number(ordinal) },
        skip: 0,
        limit: 1,
      });
      expect({ before: from.before, items: from.items.length }).toEqual({ before: seen.indexOf(some), items: 1 });
      expect(`${from.items[0]?.chainId}:${from.items[0]?.ordinal}`).toBe(some);
    }),
    { numRuns: 25 },
  );
});

it('there is no session that no record names', async () => {
  await expect(getSession(installation.ctx, { sessionId: 'nothing' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
