import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ingestUpload } from '../ingest/upload';
import { testActor } from '../testing/actor';
import { fixture } from '../testing/fixtures';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { chainSummary } from './chain-summary';
import { exportCsv } from '../reports/csv';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
});
afterAll(() => installation?.stop());

async function* once(bytes: Uint8Array) {
  yield bytes;
}
async function settle(chain: string, bytes: Uint8Array): Promise<string> {
  const { chainId } = await ingestUpload(installation.ctx, {
    fileName: `${chain}.jsonl`,
    chain,
    body: once(bytes),
    actor: testActor(),
  });
  await installation.settled(chainId);
  return chainId;
}

it('tells of the whole chain and of a range what was asked for and found', async () => {
  const log = fixture('occasio', 'tampered');
  const lines = log.toString('utf8').trimEnd().split('\n');
  const times = lines.map((line) => (JSON.parse(line) as { ts: string }).ts); // a sample of ours
  const chainId = await settle('tampered', log);
  const whole = await chainSummary(installation.ctx, { chainId });
  const [problem] = whole.problems;
  expect(whole).toMatchObject({
    asked: null,
    records: { valid: lines.length - 1, total: lines.length },
    verdict: 'tampered',
    problemCounts: { 'hash-mismatch': 1 },
  });
  if (!problem) throw new Error('the sample has a problem');

  const everything = await chainSummary(installation.ctx, { chainId, from: '2000-01-01T00:00:00Z' });
  expect(everything).toMatchObject({
    records: whole.records,
    problemCounts: whole.problemCounts,
    gaps: whole.gaps,
    uncovered: [{ from: '2000-01-01T00:00:00Z' }],
  });
  expect(new Date(everything.found?.from ?? 0).getTime()).toBe(new Date(whole.found?.from ?? 0).getTime());

  const at = times[problem.record] ?? '';
  const before = await chainSummary(installation.ctx, { chainId, to: at });
  const from = await chainSummary(installation.ctx, { chainId, from: at });
  expect(before.records.total + from.records.total).toBe(lines.length);
  expect(before).toMatchObject({ records: { valid: before.records.total }, problemCounts: {}, problems: [] });
  expect(from).toMatchObject({
    records: { valid: from.records.total - 1 },
    problemCounts: { 'hash-mismatch': 1 },
    problems: [problem],
  });
  expect(from.lines.slice(0, 1)).toEqual([`Results requested for ${from.asked?.from} to the end`]);

  const after = await chainSummary(installation.ctx, {
    chainId,
    from: '2100-01-01T00:00:00Z',
    to: '2100-01-02T00:00:00Z',
  });
  expect(after).toMatchObject({
    found: null,
    records: { valid: 0, total: 0 },
    uncovered: [{ from: '2100-01-01T00:00:00Z', to: '2100-01-02T00:00:00Z' }],
    problems: [],
  });
});

it('is one row of the integrity export a chain with records in the period', async () => {
  const read = async (from: string, to: string) =>
    (await text(exportCsv(installation.ctx, { kind: 'integrity', period: { from, to } }))).trimEnd().split('\r\n');
  const [header = '', row = '', ...more] = await read('2000-01-01T00:00:00Z', '2100-01-01T00:00:00Z');
  expect(more).toEqual([]);
  const cells = Object.fromEntries(header.split(',').map((name, index) => [name, row.split(',')[index]]));
  expect(cells).toMatchObject({
    chain: 'tampered',
    format: 'occasio',
    verdict: 'tampered',
    records_valid: '227',
    records_total: '228',
    problems: '1',
    problem_codes: 'hash-mismatch=1',
  });
  expect(await read('2100-01-01T00:00:00Z', '2100-02-01T00:00:00Z')).toEqual([header]);
});

it('counts what is past the last record where that lies', async () => {
  const chainId = await settle('torn', fixture('occasio', 'truncated-tail'));
  const whole = await chainSummary(installation.ctx, { chainId });
  expect(whole.problemCounts).toMatchObject({ 'torn-tail': 1 });
  const tail = await chainSummary(installation.ctx, { chainId, from: whole.found?.to ?? '' });
  expect(tail).toMatchObject({ records: { total: 1 }, problemCounts: { 'torn-tail': 1 } });
});

it('has nothing to tell of a chain that is not there', async () => {
  await expect(
    chainSummary(installation.ctx, { chainId: '019a0000-0000-7000-8000-000000000000' }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
