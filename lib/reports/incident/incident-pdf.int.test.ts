import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IncidentReport } from '../../schemas/incident-report';
import { ensureCommands } from '../../testing/debian-commands';
import { incidentPdf } from './incident-pdf';

const FINDINGS = 40;
const ROOT = path.resolve(import.meta.dirname, '../../..');
const idOf = (n: number) => `019a0000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const CHAIN = { id: idOf(999), name: 'checkout/agent' };

/** Findings of all lengths, each with records that prove it. */
const report = IncidentReport.parse({
  kind: 'incident',
  definition: { name: 'What happened', timeZone: 'UTC' },
  period: { from: '2026-05-01T00:00:00Z', to: '2026-06-01T00:00:00Z' },
  generatedAt: '2026-06-02T00:00:00Z',
  case: null,
  totals: { findings: FINDINGS, byLevel: { high: FINDINGS }, records: FINDINGS * 3, chains: 1, acts: 0 },
  findings: Array.from({ length: FINDINGS }, (_, n) => ({
    id: idOf(n),
    ruleId: '5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a01',
    ruleDigest: 'a'.repeat(64),
    ruleYaml: 'title: x',
    title: `Finding number ${n}.`,
    level: 'high',
    status: 'new',
    verdict: null,
    assignee: null,
    suppressedBy: null,
    group: {},
    windowFrom: '2026-05-01T00:00:00Z',
    windowTo: '2026-05-02T00:00:00Z',
    foundAt: '2026-05-02T00:00:00Z',
    acknowledgedAt: null,
    decidedAt: null,
    measures: { kind: 'event_count', count: 6, threshold: 5, timespan: '15m' },
    recordCount: 3,
    chains: [CHAIN],
    description: `What number ${n} means. ${'It is told at some length. '.repeat(n % 9)}`,
    falsePositives: [],
    tags: [],
    atlas: [],
    owasp: [],
    runbook: `look at number ${n} first. ${'Then look again. '.repeat(n % 7)}End of ${n}.`,
  })),
  history: [],
  records: Array.from({ length: FINDINGS * 3 }, (_, n) => ({
    chainId: CHAIN.id,
    chain: CHAIN.name,
    ordinal: n,
    recordedAt: '2026-05-01T12:00:00Z',
    agent: 'agent',
    sessionId: 's',
    tool: 'read_file',
    target: `/etc/${'long/'.repeat(n % 6)}shadow`,
    decision: 'deny',
    reason: 'path-denied',
    segmentSha256: 'b'.repeat(64),
    byteOffset: n * 100,
    byteLength: 100,
    hash: 'c'.repeat(64),
    proof: '/proof',
    findings: [idOf(n % FINDINGS)],
  })),
});

let folder: string;
let pages: string[];
beforeAll(async () => {
  ensureCommands(['pdftotext']);
  folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-incident-'));
  const file = path.join(folder, 'report.pdf');
  const env = { rootDir: ROOT, publicUrl: 'https://sealtrail.example' };
  await writeFile(file, await buffer(await incidentPdf({ env } as Parameters<typeof incidentPdf>[0], report))); // all it reads of it
  const { stdout } = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  pages = stdout
    .split('\f')
    .slice(0, -1)
    .map((page) => page.replaceAll(/[ \t]+/g, ' '));
});
afterAll(async () => {
  if (folder) await rm(folder, { recursive: true });
});

it('cuts no finding in two at the end of a page', () => {
  expect(pages.length).toBeGreaterThan(5);
  const onOnePage = (n: number) =>
    pages.some(
      (page) => page.includes(`High: Finding number ${n}.\n`) && page.replaceAll(/\s+/g, ' ').includes(`End of ${n}.`),
    );
  const cut = Array.from({ length: FINDINGS }, (_, n) => n).filter((n) => !onOnePage(n));
  expect(cut).toEqual([]);
});

it('has the head of its records on every page they go on, and no heading alone at the end of one', () => {
  const listing = pages.filter((page) => /^ ?2026-05-01 .*(?:shadow|deny)/m.test(page));
  expect(listing.length).toBeGreaterThan(1);
  for (const page of listing) expect(page).toMatch(/Time Record What it says Hash Segment, byte/);
  for (const page of pages) {
    const lines = page
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !/^(Evidence, not a|report\.json in this file)/.test(line));
    expect(lines.at(-1)).not.toMatch(/^\d+ {1,2}[A-Z]|^High: Finding/);
  }
});
