import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ingestUpload } from '../ingest/upload';
import { testActor } from '../testing/actor';
import { toBytes, writers } from '../testing/chains';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { severityOf } from '../core/rules/kinds/kind';
import { type CatalogRule, catalog } from './catalog';
import { FoundFindings } from './found-findings';
import { partsOf } from '../core/rules/parts';
import { toFinding } from './hit';
import { writeFindings } from './write-findings';

const MANY = 450;
const CRITICAL = 9;
const RANGE = { from: new Date('2026-05-11T00:00:00Z'), to: new Date('2026-05-12T00:00:00Z') };
const SEGMENT = 'd'.repeat(64);

let installation: TestInstallation;
let rule: CatalogRule;
let chainId: string;
beforeAll(async () => {
  installation = await startInstallation();
  const { ctx } = installation;
  const found = (await catalog(ctx)).find(({ correlation }) => correlation.groupBy.length === 1);
  if (!found) throw new Error('no rule groups by one field');
  rule = found;
  const lines = writers(ctx.hasher).occasio.write([{ tool: 'bash', decision: 'deny', note: 'one' }]);
  const body = Readable.from([toBytes(lines)]);
  ({ chainId } = await ingestUpload(ctx, { fileName: 'a.jsonl', chain: 'a', body, actor: testActor() }));
});
afterAll(() => installation?.stop());

const findingOf = (index: number) => {
  const atUs = RANGE.from.getTime() * 1000 + 28_800_000_000 + index * 1000;
  return toFinding(rule, partsOf(rule)[0], {
    rule: 0,
    groupValues: [`session "${index}"`, ''],
    windowFromUs: atUs,
    windowToUs: atUs,
    // Of a kind that tells levels, one has another than its rule.
    measured: { peak: 2, severity: index === CRITICAL ? severityOf('critical') : 0 },
    recordCount: 2,
    chains: [chainId],
    records: [2 * index, 2 * index + 1].map((ordinal) => ({
      place: [chainId, ordinal, SEGMENT, 100 * ordinal, 99, `hash ${ordinal}`],
      tUs: atUs,
      places: [[chainId, ordinal]],
    })),
  });
};

/** Writes what a rule found as a job does; a few are told twice, as when a window was cut. */
async function write(indexes: readonly number[], again: readonly number[] = []): Promise<void> {
  await installation.ctx.db.connection().execute(async (db) => {
    const found = new FoundFindings(db);
    for (const index of again) await found.add(rule, findingOf(index));
    await found.forget(rule);
    for (const index of indexes) await found.add(rule, findingOf(index));
    await found.transaction((tx) => writeFindings(installation.ctx, tx, new Map([[rule, RANGE]]), found, new Date()));
    await found.end();
  });
}

const onRecord = async () => {
  const rows = await installation.ctx.db
    .selectFrom('findings as f')
    .innerJoin('finding_chains as c', 'c.finding_id', 'f.id')
    .where('f.superseded_at', 'is', null)
    .selectAll('f')
    .select(['c.chain_id', 'c.ordinals'])
    .orderBy('f.window_from')
    .execute();
  return rows;
};

it('many findings are written as few are, and again with the same result', async () => {
  const all = Array.from({ length: MANY }, (_, index) => index);
  await write(all.slice(0, 3));
  const [few] = await onRecord();
  await write(all, all.slice(0, 300));
  const many = await onRecord();
  expect(many).toHaveLength(MANY);
  expect(many[0]).toEqual(few);
  for (const [index, { ordinals, records, group_values: values, found_at: _, id: __, ...row }] of many.entries()) {
    expect(ordinals).toEqual([2 * index, 2 * index + 1]);
    expect(records.map(({ ordinal, hash }) => [ordinal, hash])).toEqual(ordinals.map((one) => [one, `hash ${one}`]));
    expect(Object.values(values)).toEqual([`session "${index}"`]);
    expect(row).toMatchObject({ chain_id: chainId, rule_digest: rule.digest, rule_yaml: rule.yaml, status: 'new' });
  }
  expect(rule.level).not.toBe('critical');
  expect(many.flatMap(({ level }, index) => (level === rule.level ? [] : [[index, level]]))).toEqual([
    [CRITICAL, 'critical'],
  ]);
  const { ctx } = installation;
  await ctx.db
    .updateTable('findings')
    .set({ status: 'closed' })
    .where('id', '=', many[7]?.id ?? '')
    .execute();
  await write(all.filter((index) => index !== 11));
  const again = await onRecord();
  expect(again.map(({ id }) => id)).toEqual(many.filter((_, index) => index !== 11).map(({ id }) => id));
  expect(again.filter(({ status }) => status === 'closed').map(({ id }) => id)).toEqual([many[7]?.id]);
});

it('nothing is left behind of a run that failed', async () => {
  const { ctx } = installation;
  await ctx.db.connection().execute(async (db) => {
    const failed = new FoundFindings(db);
    for (let index = 0; index < 250; index += 1) await failed.add(rule, findingOf(index));
    await failed.forget(rule);
    for (let index = 0; index < 250; index += 1) await failed.add(rule, findingOf(index));
    const next = new FoundFindings(db);
    for (let index = 0; index < 210; index += 1) await next.add(rule, findingOf(index));
    await next.transaction((tx) => writeFindings(installation.ctx, tx, new Map([[rule, RANGE]]), next, new Date()));
    await next.end();
  });
  expect(await onRecord()).toHaveLength(210);
});
