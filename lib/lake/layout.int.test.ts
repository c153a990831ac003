import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { changeEvents, changedAs, createEvents, createVersions, dropEvents, storedIn, swapEvents } from './layout';
import { LAKE_MIGRATIONS } from './migrations';

const CLUSTER = 'audit_1';
let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
});
afterAll(() => installation.stop());

/** As the engine reads it, without running it. */
async function parsed(statement: string): Promise<string> {
  const answer = await installation.ctx.lake.query({ query: `EXPLAIN AST ${statement}`, format: 'TabSeparatedRaw' });
  return answer.text();
}

it('every statement for a cluster is one the engine can read', async () => {
  const statements = [
    createVersions(CLUSTER),
    ...createEvents('events', CLUSTER),
    ...LAKE_MIGRATIONS.slice(1).flatMap(({ inPlace }) => changeEvents('events', CLUSTER, inPlace)),
    swapEvents('events', 'events_next', 'events_before', CLUSTER),
    ...dropEvents(['events_before', 'events_next'], CLUSTER),
    `DELETE FROM ${changedAs('events', CLUSTER)} WHERE chain_id = generateUUIDv4() SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2`,
    `TRUNCATE TABLE ${changedAs('events', CLUSTER)}`,
  ];
  for (const statement of statements) {
    expect(statement).toContain('ON CLUSTER `audit_1`');
    expect(await parsed(statement)).toMatch(/^(?:\w*Query|Rename)\b/);
  }
});

it('rows of a cluster lie in replicated tables, those of a chain together, below one of the usual name', () => {
  const [stored = '', inFront = ''] = createEvents('events', CLUSTER);
  expect(stored).toMatch(
    /^CREATE TABLE IF NOT EXISTS events_local ON CLUSTER `audit_1`[\s\S]*ENGINE = ReplicatedReplacingMergeTree\(is_closed\)/,
  );
  expect(inFront).toBe(
    'CREATE TABLE IF NOT EXISTS events ON CLUSTER `audit_1` AS events_local ENGINE = Distributed(`audit_1`, currentDatabase(), events_local, sipHash64(chain_id))',
  );
});

it('on one server there is one table', () => {
  expect(createEvents('events', null)).toHaveLength(1);
  expect(storedIn('events', null)).toBe('events');
  expect(createEvents('events', null)[0]).not.toMatch(/CLUSTER|Replicated|Distributed/);
});
