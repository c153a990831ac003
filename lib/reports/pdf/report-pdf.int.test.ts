import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ingestUpload } from '../../ingest/upload';
import type { Report } from '../../schemas/reports';
import { testActor } from '../../testing/actor';
import { ensureCommands } from '../../testing/debian-commands';
import { fixture } from '../../testing/fixtures';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { getReport } from '../report';
import { reportJson, reportPdf } from './report-pdf';

const EVER = { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' };

let installation: TestInstallation;
let folder: string;
let report: Report;
beforeAll(async () => {
  ensureCommands(['pdfinfo', 'pdftotext', 'pdfdetach', 'qpdf']);
  folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-pdf-'));
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
  for (const [chain, name] of [
    ['checkout-agent', 'valid'],
    ['Łódź, Київ <b>&amp; =1+1', 'tampered'],
    ['rtl \u202egnp.exe\u202c 🤖 \u0007', 'gap'],
  ] as const) {
    const { chainId } = await ingestUpload(installation.ctx, {
      fileName: 'log.jsonl',
      chain,
      body: Readable.from([fixture('occasio', name)]),
      actor: testActor(),
    });
    await installation.settled(chainId);
  }
  report = await getReport(installation.ctx, { period: EVER });
}, 300_000);
afterAll(async () => {
  await installation?.stop();
  if (folder) await rm(folder, { recursive: true });
});

const pdfOf = async (of: Report) => buffer(await reportPdf(installation.ctx, of));

/** What a program of somebody else's says of a document. */
async function ask(pdf: Buffer, program: string, ...args: string[]): Promise<string> {
  const file = path.join(folder, 'report.pdf');
  await writeFile(file, pdf);
  const { status, stdout, stderr } = spawnSync(
    program,
    args.map((arg) => (arg === 'FILE' ? file : arg)),
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  expect({ program, status, stderr }).toEqual({ program, status: 0, stderr: '' });
  return stdout;
}

/** The same report with so many chains and refusals, and names as long as they can be. */
const grown = (chains: number): Report => ({
  ...report,
  chains: Array.from({ length: chains }, (_, n) => ({
    ...(report.chains[n % report.chains.length] as Report['chains'][number]), // there are some
    name: `chain ${n} ${'of-a-long-name/'.repeat(n % 12)}`,
  })),
});

it('is a document others read, tagged, with the words of the report in it', async () => {
  const pdf = await pdfOf(report);
  expect(await ask(pdf, 'qpdf', '--check', 'FILE')).toContain('No syntax or stream encoding errors found');
  const info = await ask(pdf, 'pdfinfo', 'FILE');
  expect(info).toMatch(/^Title: +Audit log report$/m);
  expect(info).toMatch(/^Tagged: +yes$/m);
  expect(info).toMatch(/^JavaScript: +no$/m);
  const text = (await ask(pdf, 'pdftotext', '-layout', 'FILE', '-')).replaceAll(/\s+/g, ' ');
  for (const figure of [
    `left ${report.summary.records} records in`,
    'Evidence, not a compliance determination.',
    'Łódź, Київ <b>&amp; =1+1',
    // Nothing turns the line around, and what no font has a sign for is there by its number.
    'rtl \\u{202e}gnp.exe\\u{202c} \\u{1f916} \\u{7}',
    'Tampered',
    `All ${report.chains.length} chains`,
  ])
    expect(text).toContain(figure);
  const structure = await ask(pdf, 'pdfinfo', '-struct', 'FILE');
  for (const tag of ['Document', 'H1', 'H2', 'P', 'Table', 'TR', 'TH', 'TD', 'Figure'])
    expect(structure).toMatch(new RegExp(`^ *${tag}\\b`, 'm'));
});

it('carries the report, whose SHA-256 is at the foot of every page, beside its number', async () => {
  const pdf = await pdfOf(grown(200));
  await ask(pdf, 'pdfdetach', '-save', '1', '-o', 'report.json', 'FILE');
  const json = await readFile(path.join(folder, 'report.json'));
  expect(JSON.parse(json.toString())).toEqual(grown(200));
  const pages = (await ask(pdf, 'pdftotext', '-layout', 'FILE', '-')).split('\f').slice(0, -1);
  expect(pages.length).toBeGreaterThan(3);
  for (const [at, page] of pages.entries()) {
    expect(page).toContain(createHash('sha256').update(json).digest('hex'));
    expect(page).toContain(`Page ${at + 1} of ${pages.length}`);
  }
  // The head of the chains stands on every page they go on.
  const heads = pages.filter((page) => /^ *Chain +Verdict +Records/m.test(page)).length;
  expect(heads).toBe(pages.filter((page) => /chain \d+/.test(page)).length);
});

it('is the same of the same report, and says of nothing that it is nothing', async () => {
  expect(await pdfOf(report)).toEqual(await pdfOf(report));
  const empty = await getReport(installation.ctx, {
    period: { from: '2001-01-01T00:00:00.000Z', to: '2001-02-01T00:00:00.000Z' },
  });
  const text = await ask(await pdfOf(empty), 'pdftotext', 'FILE', '-');
  expect(text).toContain('No record states a time in this period.');
  expect(reportJson(empty).toString()).toContain('"records": 0');
});
