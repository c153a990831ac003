import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as audit from '../audit/append';
import { activity } from '../core/formats/sealtrail-activity/format';
import { testActor } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { briefly, verifySegments } from '../testing/verify';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
}, 120_000);
afterAll(() => installation.stop(), 60_000);

async function lines(): Promise<string[]> {
  const rows = await installation.ctx.db
    .selectFrom('activity_lines')
    .select('line')
    .where('seq', 'is not', null)
    .orderBy('seq')
    .execute();
  return rows.map(({ line }) => line ?? '');
}

async function verified() {
  const all = await lines();
  const { verdict, records, problems } = verifySegments(activity, installation.ctx.hasher, [
    Buffer.from(all.map((line) => `${line}\n`).join('')),
  ]);
  return { verdict, records, problems: briefly(problems) };
}

const act = (subjectId: string) =>
  installation.ctx.db
    .transaction()
    .execute((tx) =>
      audit.append(tx, testActor(), { action: 'view.create', subjectId, details: { b: 'ü"\\\n', a: 1.5 } }),
    );

it('begins with a line that says so, and every action is the next, hashed as the format says', async () => {
  await act('first');
  await act('second');
  expect(await verified()).toEqual({ verdict: 'verified', records: 3, problems: [] });
  const [begin, first] = (await lines()).map((line) => JSON.parse(line));
  expect(begin.body).toMatchObject({ action: 'activity.begin', details: { earlier: 0 } });
  expect(first).toMatchObject({
    seq: 2,
    body: {
      action: 'view.create',
      actor: { id: 'test', kind: 'token', name: 'test', role: 'administrator' },
      subject: { id: 'first', type: 'view' },
      details: { a: 1.5, b: 'ü"\\\n' },
    },
  });
});

it('is without the action when what was done is rolled back', async () => {
  const before = (await lines()).length;
  await expect(
    installation.ctx.db.transaction().execute(async (tx) => {
      await audit.append(tx, testActor(), { action: 'view.create', subjectId: 'never' });
      throw new Error('refused');
    }),
  ).rejects.toThrow('refused');
  expect(await lines()).toHaveLength(before);
});

it('refuses an action in a transaction that would not see the line before', async () => {
  const before = (await lines()).length;
  for (const level of ['repeatable read', 'serializable'] as const)
    await expect(
      installation.ctx.db
        .transaction()
        .setIsolationLevel(level)
        .execute((tx) => audit.append(tx, testActor(), { action: 'view.create', subjectId: level })),
    ).rejects.toThrow('read committed');
  expect(await lines()).toHaveLength(before);
});

describe('eight processes at once', () => {
  const PROCESSES = 8;
  const ACTIONS = 500;
  const KILLS = 12;

  it('make one unbroken chain, with every action once', async () => {
    const before = (await lines()).length;
    const acted = await Promise.all(Array.from({ length: PROCESSES }, (_, index) => acting(`p${index}`, ACTIONS)));
    expect(acted.map(({ code }) => code)).toEqual(Array.from({ length: PROCESSES }, () => 0));
    const all = await lines();
    expect(all).toHaveLength(before + PROCESSES * ACTIONS);
    expect(await verified()).toEqual({ verdict: 'verified', records: all.length, problems: [] });
    const subjects = all.slice(before).map((line): string => JSON.parse(line).body.subject.id);
    expect(new Set(subjects).size).toBe(PROCESSES * ACTIONS);
    for (let index = 0; index < PROCESSES; index += 1) {
      const own = subjects.filter((subject) => subject.startsWith(`p${index}:`));
      expect(own).toEqual(Array.from({ length: ACTIONS }, (_, n) => `p${index}:${n}`));
    }
  }, 180_000);

  it('leave an action and its line, or neither, when they are killed', async () => {
    const answered: string[] = [];
    for (let round = 0; round < KILLS; round += 1) {
      const acted = await acting(`k${round}`, 1_000_000, 11 * round);
      expect(acted.code).toBeNull();
      answered.push(...acted.answered);
    }
    // What it did stands for any action: a row that is there has its action, one that is not has none, and one that was answered has both.
    const { rows } = await sql<{ subject: string; rows: number; actions: number; lines: number }>`
      SELECT coalesce(p.person_id, a.subject_id) AS subject, count(DISTINCT p.person_id)::int AS rows, count(a.id)::int AS actions, count(l.seq)::int AS lines
      FROM (SELECT person_id FROM preferences WHERE person_id LIKE 'k%') p
      FULL JOIN (SELECT id, subject_id FROM audit_log WHERE subject_id LIKE 'k%') a ON a.subject_id = p.person_id
      LEFT JOIN activity_lines l ON l.audit_id = a.id GROUP BY 1`.execute(installation.ctx.db);
    expect(rows.filter((row) => row.rows !== 1 || row.actions !== 1 || row.lines !== 1)).toEqual([]);
    const kept = new Set(rows.map(({ subject }) => subject));
    expect(answered.length).toBeGreaterThan(KILLS);
    expect(answered.filter((subject) => !kept.has(subject))).toEqual([]);
    expect(await verified()).toMatchObject({ verdict: 'verified', problems: [] });
  }, 300_000);
});

/** A process of its own that acts so often, one action after another; killed so long after its first was answered. Gives how it ended, and what was answered. */
async function acting(
  name: string,
  times: number,
  killMs?: number,
): Promise<{ code: number | null; answered: string[] }> {
  const child = spawn(
    process.execPath,
    ['--conditions=react-server', '--import', 'tsx', 'lib/testing/acting.mts', name, String(times)],
    {
      cwd: path.resolve(import.meta.dirname, '../..'),
      env: { ...process.env, DATABASE_URL: installation.ctx.env.databaseUrl },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  if (killMs !== undefined) child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), killMs));
  const [code] = await once(child, 'close');
  return { code, answered: said.split('\n').filter((line) => line !== '') };
}
