import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { getRule, listRules } from './rules';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
}, 120_000);
afterAll(() => installation?.stop());

it('every rule is listed with its findings by status, and each can be read', async () => {
  const { ctx } = installation;
  const { items } = await listRules(ctx);
  const [first] = items;
  expect(items.length).toBeGreaterThan(20);
  await ctx.db
    .insertInto('findings')
    .values({
      rule_id: first?.id ?? '',
      rule_digest: first?.digest ?? '',
      rule_yaml: '',
      title: 'A finding',
      level: 'high',
      group_key: '[]',
      group_values: '{}',
      window_from: new Date('2026-05-01'),
      window_to: new Date('2026-05-02'),
      measures: JSON.stringify({ kind: 'evidence' }),
      record_count: 1,
      records: '[]',
    })
    .execute();
  const again = await listRules(ctx);
  expect(again.items.find(({ id }) => id === first?.id)?.findings).toEqual({
    new: 1,
    in_progress: 0,
    on_hold: 0,
    resolved: 0,
    closed: 0,
  });
  for (const { id } of items) expect((await getRule(ctx, { ruleId: id })).id).toBe(id);
});
