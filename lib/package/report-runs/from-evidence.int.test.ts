import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { appendRecords } from '../../ingest/append-records';
import { ingestUpload } from '../../ingest/upload';
import { loadTail } from '../../lake/load-tail';
import { type Checked, checkRun } from '../../report-check/check-run';
import { wrongProofs } from '../../report-check/check-sample';
import { ReportOnce } from '../../schemas/report-definitions';
import type { Report } from '../../schemas/reports';
import { RunRecord } from '../../schemas/report-runs';
import type { RunSample } from '../../schemas/run-sample';
import { testActor } from '../../testing/actor';
import { type Content, toBytes, writers } from '../../testing/chains';
import { csvRows } from '../../testing/csv-rows';
import { fixture } from '../../testing/fixtures';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { makeReportRun } from './make';
import { openRunFile } from './open-file';
import { runOnce } from './request';
import { getReportRun } from './runs';

const AHEAD = { of: 'days', firstDay: '1971-01-01', lastDay: '2261-12-31' } as const;

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
  for (const [chain, format] of [
    ['still', 'occasio'],
    ['other', 'nono'],
  ] as const) {
    const { chainId } = await ingestUpload(installation.ctx, {
      fileName: 'log.jsonl',
      chain,
      body: Readable.from([fixture(format, 'valid')]),
      actor: testActor(),
    });
    await installation.settled(chainId);
  }
}, 240_000);
afterAll(() => installation?.stop());
afterEach(() => vi.restoreAllMocks());

/** A writer that appends a record whenever the lake is asked anything. */
function appendAlways(chain: string) {
  const { ctx } = installation;
  const { lake, hasher } = ctx;
  const ask = lake.query.bind(lake);
  let [head, written, busy] = ['', 0, false];
  vi.spyOn(lake, 'query').mockImplementation(async (asked) => {
    if (!busy && /\bevents\b/.test(asked.query)) {
      busy = true;
      try {
        await append();
      } finally {
        busy = false;
      }
    }
    return ask(asked);
  });
  async function append(): Promise<void> {
    const content: Content = { tool: 'bash', decision: written % 2 ? 'deny' : 'allow', note: `${chain} ${written}` };
    const [line = ''] = writers(hasher).occasio.write(
      [content],
      head === '' ? undefined : { prev: head, sequence: written },
    );
    const { chainId } = await appendRecords(ctx, {
      chain,
      ...(written === 0 && { format: 'occasio' as const }),
      bytes: toBytes([line]),
      precondition: { kind: 'lines' },
      idempotency: null,
      actor: testActor(),
    });
    head = (JSON.parse(line) as { hash: string }).hash;
    written += 1;
    await loadTail(ctx, { chainId });
  }
  return { append, written: () => written };
}

async function made(definition: object) {
  const { ctx } = installation;
  const { id: runId } = await runOnce(ctx, {
    ...ReportOnce.parse({ period: AHEAD, ...definition }),
    actor: testActor('analyst'),
  });
  await vi.waitUntil(
    async () => {
      // Past the tries that wait for chains that are still being checked; the worker may be at one of them.
      await ctx.db
        .updateTable('report_runs')
        .set({ attempts: 4, next_try_at: ctx.now() })
        .where('id', '=', runId)
        .where('failure', 'is not', null)
        .where('attempts', '<', 4)
        .execute();
      await makeReportRun(ctx, { runId, actor: testActor('worker') }, new AbortController().signal);
      return (await getReportRun(ctx, { runId })).state !== 'waiting';
    },
    { timeout: 60_000, interval: 100 },
  );
  const run = await getReportRun(ctx, { runId });
  expect(run).toMatchObject({ state: 'done', failure: null });
  const read = async (file: string) => (await buffer(await openRunFile(ctx, { runId, file }))).toString('utf8');
  return { run, read, files: run.files.map(({ path }) => path) };
}

async function check(runId: string): Promise<Checked[]> {
  const results: Checked[] = [];
  await checkRun(
    installation.ctx,
    { runId, trustedRoot: null },
    { checked: (one) => results.push(one), doing: () => undefined, bytes: () => undefined },
  );
  return results;
}

describe.each([
  ['governance', {}],
  ['usage', { kind: 'usage' }],
  ['integrity', { kind: 'integrity' }],
  ['controls', { kind: 'controls', framework: 'nist-800-53' }],
] as const)('a run of %s over a chain that never pauses', (kind, definition) => {
  it('ends at once, of the records as they stood at one moment, and is derived again from them', async () => {
    const writer = appendAlways(`never-pauses-${kind}`);
    for (let n = 0; n < 5; n += 1) await writer.append();
    const { run, read, files } = await made(definition);
    const during = writer.written();
    expect(during).toBeGreaterThan(8); // or it did not grow while the report was made
    vi.restoreAllMocks();
    const record = RunRecord.parse(JSON.parse(await read('run.json')));
    const growing = record.chains.find(({ name }) => name === `never-pauses-${kind}`);
    expect(growing?.open?.inPeriod).toBeGreaterThan(0);
    expect(growing?.open?.inPeriod).toBeLessThanOrEqual(during);
    const open = await read(growing?.open?.file ?? '');
    expect(open.trimEnd().split('\n')).toHaveLength(growing?.open?.inPeriod ?? -1);
    expect(open.endsWith('\n')).toBe(true);
    const outcomes = await check(run.id);
    expect(outcomes.filter(({ outcome }) => outcome === 'differs')).toEqual([]);
    const same = outcomes.flatMap(({ file, outcome }) => (outcome === 'same' ? [file] : []));
    expect(same).toEqual(expect.arrayContaining(['report.json', 'report.pdf', 'run.json']));
    expect(files).toEqual(expect.arrayContaining(same));
  });
});

it('says of that moment in every table and figure', async () => {
  const writer = appendAlways('never-pauses-tables');
  await writer.append();
  const { read, files } = await made({});
  vi.restoreAllMocks();
  const record = RunRecord.parse(JSON.parse(await read('run.json')));
  const report = JSON.parse(await read('report.json')) as Report;
  const inAll = record.chains.reduce((sum, { inPeriod }) => sum + inPeriod, 0);
  expect(report.summary.records).toBe(inAll);
  expect(csvRows(await read('access-log.csv'))).toHaveLength(inAll + 1);
  const [head = [], ...rows] = csvRows(await read('integrity.csv'));
  const at = (name: string) => head.indexOf(name);
  expect(rows.map((row) => [row[at('chain_id')], Number(row[at('records_total')])]).toSorted()).toEqual(
    record.chains.map(({ id, inPeriod }) => [id, inPeriod]).toSorted(),
  );
  expect(Object.values(report.byVerdict).reduce((sum, count) => sum + count, 0)).toBe(report.summary.chains);
  expect(files).toEqual(expect.arrayContaining(['findings.sarif', 'secret-events.csv']));
});

describe('a sample of the records of a run', () => {
  const sample = { seed: 'auditor-2026-Q2', size: 12 };

  it('is drawn from the lines it rests on, each with its proof, and is drawn again from them', async () => {
    const { run, read } = await made({ sample });
    const drawn = JSON.parse(await read('sample.json')) as RunSample;
    const record = RunRecord.parse(JSON.parse(await read('run.json')));
    expect(record.definition?.sample).toEqual(sample);
    expect(drawn).toMatchObject({
      ...sample,
      population: { records: record.chains.reduce((sum, { inPeriod }) => sum + inPeriod, 0) },
    });
    expect(drawn.records).toHaveLength(sample.size);
    const lines = (await read('sample.ndjson')).split('\n').slice(0, -1);
    const logs = new Set(
      [fixture('occasio', 'valid'), fixture('nono', 'valid')].flatMap((log) => log.toString('utf8').split('\n')),
    );
    const proofs = (await read('sample-proofs.ndjson'))
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { ordinal: number; proof: { record: { line: string } } | null });
    expect(proofs.map(({ ordinal }) => ordinal)).toEqual(drawn.records.map(({ ordinal }) => ordinal));
    const isAttested = ({ chain }: RunSample['records'][number]) => chain === 'still' || chain === 'other';
    // Nothing attests what is open.
    expect(proofs.map(({ proof }) => proof !== null)).toEqual(drawn.records.map(isAttested));
    const attested = drawn.records.flatMap((one, at) => (isAttested(one) ? [lines[at] ?? ''] : []));
    expect(attested.filter((line) => !logs.has(line))).toEqual([]);
    const proven = proofs.flatMap(({ proof }) => (proof ? [Buffer.from(proof.record.line, 'base64').toString()] : []));
    expect(proven).toEqual(attested);
    const outcomes = new Map((await check(run.id)).map((one) => [one.file, one]));
    for (const file of ['sample.json', 'sample.ndjson', 'sample-proofs.ndjson'])
      expect(outcomes.get(file)).toEqual({ file, outcome: 'same' });
  });

  it('is another by another seed, of the same population', async () => {
    const [one, other] = [await made({ sample }), await made({ sample: { ...sample, seed: 'another' } })];
    const [a, b] = [
      JSON.parse(await one.read('sample.json')),
      JSON.parse(await other.read('sample.json')),
    ] as RunSample[];
    expect(a?.population).toEqual(b?.population);
    expect(a?.records.map(({ rank }) => rank)).not.toEqual(b?.records.map(({ rank }) => rank));
  });

  it('a proof of another record, of another line, altered or left out is named', async () => {
    const { read } = await made({ sample: { ...sample, size: 500 } });
    const { records } = JSON.parse(await read('sample.json')) as RunSample;
    const lines = Buffer.from(await read('sample.ndjson'));
    const proofs = await read('sample-proofs.ndjson');
    const wrong = (more: { proofs?: string; lines?: Buffer }) =>
      wrongProofs(installation.ctx, { records, lines, proofs, trustedRoot: null, ...more });
    expect(await wrong({})).toEqual([]);
    const each = proofs.split('\n').slice(0, -1);
    const at = each.findIndex((line) => !line.includes('"proof":null'));
    const other = each.findIndex((line, n) => n > at && !line.includes('"proof":null'));
    const swapped = each.map((line, n) => each[n === at ? other : n === other ? at : n] ?? line);
    expect(await wrong({ proofs: `${swapped.join('\n')}\n` })).toHaveLength(2);
    expect(await wrong({ proofs: `${each.slice(1).join('\n')}\n` })).toHaveLength(1);
    const root = /"rootHash":"([0-9a-f])/;
    const altered = each.map((line, n) =>
      n === at ? line.replace(root, (_, digit) => `"rootHash":"${digit === '0' ? '1' : '0'}`) : line,
    );
    expect(await wrong({ proofs: `${altered.join('\n')}\n` })).toMatchObject([{ line: at + 1 }]);
    const otherLine = Buffer.from(lines);
    const begins = records.slice(0, at).reduce((sum, { byteLength }) => sum + byteLength + 1, 0);
    otherLine.writeUInt8(otherLine.readUInt8(begins + 5) ^ 1, begins + 5);
    expect(await wrong({ lines: otherLine })).toMatchObject([{ line: at + 1, found: 'one of another line' }]);
  });
});
