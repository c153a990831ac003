import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import Papa from 'papaparse';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ingestUpload } from '../ingest/upload';
import { eventHistogram } from '../events/event-histogram';
import { unguarded } from '../schemas/csv-cell';
import { FIGURE_SEARCHES } from '../schemas/report-searches';
import type { Report } from '../schemas/reports';
import { testActor } from '../testing/actor';
import { fixture } from '../testing/fixtures';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { exportCsv } from './csv';
import { reportPdf } from './pdf/report-pdf';
import { getReport } from './report';

const EVER = { from: '1970-01-01T00:00:00.000Z', to: '2262-01-01T00:00:00.000Z' };

type Line = {
  ts: string;
  kind: string;
  session_id?: string;
  run_id?: string;
  tool_name?: string;
  tool_inputs?: { path?: string };
  action?: string;
  reason?: string;
  cost?: number;
  secrets_redacted?: number;
};

/** What `occasio report` prints of a log, counted from its lines as formats/occasio.md states it. */
function occasioReport(log: Buffer) {
  const lines = log
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line); // a log of Occasio
  const calls = lines.filter(({ kind }) => kind === 'tool_call');
  const requests = lines.filter(({ kind }) => kind === 'request');
  const pathDenied = new Set(['path-denied', 'path-not-allowed']);
  const accessed = calls.filter(({ action, tool_inputs: inputs }) => action !== 'BLOCK' && inputs?.path);
  const blocked = calls.filter(({ action, reason }) => action === 'BLOCK' && pathDenied.has(reason ?? ''));
  const secrets = lines.filter(({ secrets_redacted: n }) => typeof n === 'number' && n > 0);
  const row = ({ ts, session_id, tool_name, tool_inputs, action, reason }: Line) => ({
    ts: Date.parse(ts),
    session: session_id ?? '',
    tool: tool_name ?? '',
    path: tool_inputs?.path ?? '',
    action: action ?? '',
    reason: reason ?? '',
  });
  return {
    sessions: new Set(requests.map(({ session_id, run_id }) => session_id ?? run_id).filter(Boolean)).size,
    requests: requests.length,
    cost_usd: Math.round(requests.reduce((sum, { cost = 0 }) => sum + cost, 0) * 1e5) / 1e5,
    files_accessed: accessed.length,
    paths_blocked: blocked.length,
    secrets_detected: secrets.length,
    requests_blocked: lines.filter(({ action, kind }) => action === 'BLOCK' && kind !== 'tool_call').length,
    chain_length: lines.length,
    first_event_ts: Date.parse(lines[0]?.ts ?? ''),
    last_event_ts: Date.parse(lines.at(-1)?.ts ?? ''),
    access_log: accessed.map(row),
    blocked_accesses: blocked.map(row),
    secret_events: secrets.map((line) => ({ ...row(line), count: line.secrets_redacted ?? 0 })),
  };
}

let installation: TestInstallation;
let report: Report;
const log = fixture('occasio', 'valid');
const original = occasioReport(log);
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
  const { chainId } = await ingestUpload(installation.ctx, {
    fileName: 'pipeline-events.jsonl',
    chain: 'occasio',
    body: Readable.from([log]),
    actor: testActor(),
  });
  await installation.settled(chainId);
  report = await getReport(installation.ctx, { period: EVER });
}, 240_000);
afterAll(() => installation?.stop());

async function table(kind: Parameters<typeof exportCsv>[1]['kind']): Promise<Record<string, string>[]> {
  const csv = (await buffer(exportCsv(installation.ctx, { kind, period: EVER }))).toString('utf8');
  return Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true }).data;
}
const cell = (row: Record<string, string>, name: string) => unguarded(row[name] ?? '');
const asOriginal = (row: Record<string, string>) => ({
  ts: Date.parse(cell(row, 'recorded_at')),
  session: cell(row, 'session_id'),
  tool: cell(row, 'tool'),
  path: cell(row, 'target'),
  action: cell(row, 'original_decision'),
  reason: cell(row, 'reason'),
});
const inTime = <Row extends { ts: number; path: string; tool: string }>(rows: readonly Row[]) =>
  rows.toSorted((a, b) => a.ts - b.ts || (`${a.tool} ${a.path}` < `${b.tool} ${b.path}` ? -1 : 1));

it('has every figure of the report of Occasio', () => {
  const { summary, chains } = report;
  for (const figure of Object.values(original)) expect(figure).not.toEqual(0); // or it shows nothing
  expect(summary).toMatchObject({
    requestSessions: original.sessions,
    requests: original.requests,
    filesAccessed: original.files_accessed,
    filesDenied: original.paths_blocked,
    secretEvents: original.secrets_detected,
    requestsDenied: original.requests_blocked,
  });
  expect(summary.costUsd).toBeCloseTo(original.cost_usd, 5);
  expect(chains.map(({ verdict, records }) => ({ verdict, records }))).toEqual([
    { verdict: 'verified', records: original.chain_length },
  ]);
  expect([summary.recorded?.first, summary.recorded?.last].map((at) => Date.parse(at ?? ''))).toEqual([
    original.first_event_ts,
    original.last_event_ts,
  ]);
});

it('has every row of its lists in a table, whose rows add up to the figures', async () => {
  const accesses = await table('access-log');
  const isOfFile = (row: Record<string, string>) => row['resource_class'] === 'path' && row['kind'] !== 'request';
  const accessed = accesses.filter(
    (row) => isOfFile(row) && ['allow', 'local', 'transform'].includes(row['decision'] ?? ''),
  );
  expect(inTime(accessed.map(asOriginal))).toEqual(inTime(original.access_log));
  const blocked = (await table('blocked')).filter(isOfFile);
  expect(inTime(blocked.map(asOriginal))).toEqual(inTime(original.blocked_accesses));
  const secrets = await table('secret-events');
  expect(
    inTime(secrets.map((row) => ({ ...asOriginal(row), path: '', count: Number(row['secrets_redacted']) }))),
  ).toEqual(inTime(original.secret_events.map((row) => ({ ...row, path: '' }))));
  const { summary } = report;
  const of = (kind: string) => accesses.filter((row) => row['kind'] === kind);
  expect([accessed.length, blocked.length, secrets.length]).toEqual([
    summary.filesAccessed,
    summary.filesDenied,
    summary.secretEvents,
  ]);
  expect(of('request')).toHaveLength(summary.requests);
  expect(new Set(of('request').map((row) => row['session_id'])).size).toBe(summary.requestSessions);
  expect(accesses.reduce((sum, row) => sum + Number(row['cost_usd']), 0)).toBeCloseTo(summary.costUsd, 9);
});

it.each(Object.entries(FIGURE_SEARCHES))('leads from %s to a search that finds what it counts', async (figure, q) => {
  const { total } = await eventHistogram(installation.ctx, { q, ...EVER });
  expect(total).toBe(report.summary[figure as keyof typeof FIGURE_SEARCHES]);
});

it('says them in the document too', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-occasio-'));
  try {
    const file = path.join(folder, 'report.pdf');
    await writeFile(file, await buffer(await reportPdf(installation.ctx, report)));
    const { stdout } = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
    const text = stdout.replaceAll(/\s+/g, ' ');
    for (const said of [
      `${original.requests} requests to models were recorded in ${original.sessions} session`,
      `were redacted in ${original.secrets_detected} of the records`,
      'Requests refused',
      'Files accessed',
      'Files refused',
    ])
      expect(text).toContain(said);
  } finally {
    await rm(folder, { recursive: true });
  }
});
