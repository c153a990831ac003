import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ingestUpload } from '../../ingest/upload';
import { type Checked, checkRun } from '../../report-check/check-run';
import type { ControlsReport } from '../../schemas/controls';
import type { IncidentReport } from '../../schemas/incident-report';
import type { IntegrityReport } from '../../schemas/integrity-report';
import { ReportOnce } from '../../schemas/report-definitions';
import type { Report } from '../../schemas/reports';
import type { UsageReport } from '../../schemas/usage-report';
import { testActor } from '../../testing/actor';
import { csvRows } from '../../testing/csv-rows';
import { ensureCommands } from '../../testing/debian-commands';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { OCSF_FINDINGS_SCHEMA, ocsfProblems } from '../../testing/ocsf-check';
import { oscalProblems } from '../../testing/oscal-check';
import { QUARTER, quarterLogs } from '../../testing/quarter';
import { sarifProblems } from '../../testing/sarif-check';
import { makeReportRun } from './make';
import { openRunFile } from './open-file';
import { runOnce } from './request';
import { getReportRun } from './runs';

type Kept = { id: string; files: ReadonlyMap<string, Buffer> };
const KINDS = ['governance', 'integrity', 'usage', 'controls', 'incident'] as const;
const kept = new Map<string, Kept>();

let installation: TestInstallation;
let folder: string;
let counted: Counted;
beforeAll(async () => {
  ensureCommands(['pdfinfo', 'pdftotext', 'qpdf']);
  folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-quarter-'));
  installation = await startInstallation({}, { rules: 'one' });
  const { ctx } = installation;
  await installation.work();
  const logs = quarterLogs(ctx.hasher);
  counted = count(logs);
  for (const { chain, lines } of logs) {
    const body = Readable.from([Buffer.from(`${lines.join('\n')}\n`)]);
    const { chainId } = await ingestUpload(ctx, { fileName: 'log.jsonl', chain, body, actor: testActor() });
    await installation.settled(chainId);
  }
  const findingIds = (
    await ctx.db.selectFrom('findings').select('id').where('superseded_at', 'is', null).execute()
  ).map(({ id }) => id);
  for (const kind of KINDS)
    kept.set(
      kind,
      await made({
        kind,
        ...(kind === 'incident'
          ? { period: { of: 'findings' }, incident: { findingIds } }
          : { period: { of: 'days', firstDay: '2026-04-01', lastDay: '2026-06-30' } }),
        ...(kind === 'controls' && { framework: 'eu-ai-act' }),
      }),
    );
}, 240_000);
afterAll(async () => {
  await installation?.stop();
  if (folder) await rm(folder, { recursive: true });
});

async function made(definition: object): Promise<Kept> {
  const { ctx } = installation;
  const { id: runId } = await runOnce(ctx, { ...ReportOnce.parse(definition), actor: testActor() });
  await vi.waitUntil(
    async () => {
      await makeReportRun(ctx, { runId, actor: testActor('worker') }, new AbortController().signal);
      return (await getReportRun(ctx, { runId })).state !== 'waiting';
    },
    { timeout: 60_000, interval: 100 },
  );
  const { files, state, failure } = await getReportRun(ctx, { runId });
  expect({ state, failure }).toEqual({ state: 'done', failure: null });
  const read = async ({ path: file }: { path: string }) =>
    [file, await buffer(await openRunFile(ctx, { runId, file }))] as const;
  return { id: runId, files: new Map(await Promise.all(files.map(read))) };
}

function fileOf(kind: string, file: string): Buffer {
  const bytes = kept.get(kind)?.files.get(file);
  if (!bytes) throw new Error(`the ${kind} report has no ${file}`);
  return bytes;
}
const jsonOf = (kind: string, file = 'report.json'): unknown => JSON.parse(fileOf(kind, file).toString('utf8'));

type Line = Readonly<Record<string, unknown>>;
type Counted = ReturnType<typeof count>;

/** What the lines of the logs say of the quarter, counted by nothing of what makes reports. */
function count(logs: readonly { chain: string; lines: readonly string[] }[]) {
  const inQuarter = (at: unknown) => String(at) >= QUARTER.from.slice(0, 19) && String(at) < QUARTER.to.slice(0, 19);
  const [occasio = [], arbiter = []] = logs.map(({ lines }) =>
    lines
      .map((line) => JSON.parse(line) as Line) // a log
      .filter((line) => inQuarter(line['ts'] ?? line['timestamp'])),
  );
  const all = logs.reduce((sum, { lines }) => sum + lines.length, 0);
  const calls = occasio.filter(({ kind }) => kind === 'tool_call');
  const requests = occasio.filter(({ kind }) => kind === 'request');
  const sum = (lines: readonly Line[], name: string) =>
    lines.reduce((total, line) => total + Number(line[name] ?? 0), 0);
  const hasPath = ({ tool_inputs: inputs }: Line) => typeof inputs === 'object' && inputs !== null && 'path' in inputs;
  const blocked = calls.filter(({ action }) => action === 'BLOCK');
  const denied = arbiter.filter(({ authorization_decision: decision }) => decision === 'deny');
  return {
    all,
    records: occasio.length + arbiter.length,
    byChain: [occasio.length, arbiter.length],
    denied: blocked.length + denied.length,
    requests: requests.length,
    requestSessions: new Set(requests.map(({ session_id: id }) => id)).size,
    sessions: new Set([...occasio.map(({ session_id: id }) => id), ...arbiter.map(({ task_session_id: id }) => id)])
      .size,
    filesAccessed: calls.filter((line) => line['action'] !== 'BLOCK' && hasPath(line)).length,
    filesDenied: blocked.filter(hasPath).length,
    secretEvents: occasio.filter(({ secrets_redacted: n }) => Number(n ?? 0) > 0).length,
    secretsRedacted: sum(occasio, 'secrets_redacted'),
    costUsd: sum(requests, 'cost'),
    inputTokens: sum(requests, 'input_tokens'),
    outputTokens: sum(requests, 'output_tokens'),
  };
}

/** What a program of somebody else's says of a document. */
async function ask(pdf: Buffer, program: string, ...args: string[]): Promise<string> {
  const file = path.join(folder, 'report.pdf');
  await writeFile(file, pdf);
  const given = args.map((arg) => (arg === 'FILE' ? file : arg));
  const { status, stdout, stderr } = spawnSync(program, given, { encoding: 'utf8' });
  expect({ program, status, stderr }).toEqual({ program, status: 0, stderr: '' });
  return stdout;
}

describe.each(KINDS)('a quarter as %s', (kind) => {
  it('is a document that others read, with its number, its digest and what it is not on every page', async () => {
    const pdf = fileOf(kind, 'report.pdf');
    expect(await ask(pdf, 'qpdf', '--check', 'FILE')).toContain('No syntax or stream encoding errors found');
    const info = await ask(pdf, 'pdfinfo', 'FILE');
    expect(info).toMatch(/^Tagged: +yes$/m);
    const pages = (await ask(pdf, 'pdftotext', '-layout', 'FILE', '-')).split('\f').slice(0, -1);
    expect(info).toMatch(new RegExp(`^Pages: +${pages.length}$`, 'm'));
    const digest = createHash('sha256').update(fileOf(kind, 'report.json')).digest('hex');
    for (const [at, page] of pages.entries()) {
      expect(page).toContain('Evidence, not a compliance determination.');
      expect(page).toContain(`Page ${at + 1} of ${pages.length}`);
      expect(page).toContain(digest);
    }
    // No page but the last is half empty.
    for (const page of pages.slice(0, -1)) expect(page.trimEnd().split('\n').length).toBeGreaterThan(20);
  });

  it('is derived again from the evidence it names', async () => {
    const results: Checked[] = [];
    await checkRun(
      installation.ctx,
      { runId: kept.get(kind)?.id ?? '', trustedRoot: null },
      { checked: (one) => results.push(one), doing: () => undefined, bytes: () => undefined },
    );
    expect(results.filter(({ outcome }) => outcome === 'differs')).toEqual([]);
    const same = results.flatMap(({ file, outcome }) => (outcome === 'same' ? [file] : []));
    expect(same).toEqual(expect.arrayContaining(['report.json', 'report.pdf', 'run.json', 'run.sigstore.json']));
  });
});

it('governance has what the lines say', () => {
  const { summary, period, chains } = jsonOf('governance') as Report;
  expect(period).toEqual(QUARTER);
  expect(counted.records).toBeLessThan(counted.all); // or the ends of the quarter cut nothing off
  expect(Object.entries(counted).filter(([, figure]) => figure === 0)).toEqual([]);
  const { all: _, byChain, costUsd, inputTokens: __, outputTokens: ___, ...figures } = counted;
  expect(summary).toMatchObject({ ...figures, chains: 2 });
  expect(summary.costUsd).toBeCloseTo(costUsd, 6);
  expect(chains.map(({ inPeriod }) => inPeriod.records)).toEqual(byChain);
  expect(csvRows(fileOf('governance', 'access-log.csv').toString('utf8'))).toHaveLength(counted.records + 1);
  expect(csvRows(fileOf('governance', 'blocked.csv').toString('utf8'))).toHaveLength(counted.denied + 1);
  expect(csvRows(fileOf('governance', 'secret-events.csv').toString('utf8'))).toHaveLength(counted.secretEvents + 1);
});

it('usage, integrity and control evidence have the same figures', () => {
  const usage = jsonOf('usage') as UsageReport;
  expect(usage.totals).toMatchObject({
    records: counted.records,
    requests: counted.requests,
    sessions: counted.sessions,
    inputTokens: counted.inputTokens,
    outputTokens: counted.outputTokens,
  });
  expect(Number(usage.totals.costUsd)).toBeCloseTo(counted.costUsd, 6);
  expect(usage.totals.decisions.deny).toBe(counted.denied);
  const integrity = jsonOf('integrity') as IntegrityReport;
  expect(integrity.totals).toMatchObject({ chains: 2, records: counted.records, problems: 0 });
  expect(integrity.chains.map(({ records, verdict }) => [records.total, verdict])).toEqual(
    counted.byChain.map((records) => [records, 'verified']),
  );
  const { figures } = jsonOf('controls') as ControlsReport;
  const valueOf = (id: string) => figures.find((figure) => figure.id === id)?.value;
  expect(valueOf('records-recorded')).toBe(counted.records);
});

it('the incident is of the bursts that were put in, and each of its records is a denial', () => {
  const { findings, records, totals } = jsonOf('incident') as IncidentReport;
  expect(findings.length).toBeGreaterThanOrEqual(2);
  expect(totals.records).toBeGreaterThanOrEqual(9 + 11);
  expect(records.every(({ decision }) => decision === 'deny')).toBe(true);
});

it('OSCAL, OCSF and SARIF keep to their published schemas', () => {
  expect(oscalProblems(jsonOf('controls', 'assessment-results.json'))).toEqual([]);
  const lines = fileOf('controls', 'compliance.ocsf.ndjson').toString('utf8').trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(ocsfProblems(JSON.parse(line), OCSF_FINDINGS_SCHEMA)).toEqual([]);
  for (const kind of ['governance', 'incident']) {
    const sarif = jsonOf(kind, 'findings.sarif') as { runs: { results: unknown[] }[] };
    expect(sarifProblems(sarif)).toEqual([]);
    expect(sarif.runs[0]?.results).toHaveLength((jsonOf('incident') as IncidentReport).findings.length);
  }
});
