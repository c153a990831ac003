import 'server-only';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { VERSION } from '../config/version';
import type { Context } from '../context';
import { checkWords, isMet } from '../core/checks/check';
import type { Search } from '../core/search/search';
import { matchesSearch } from '../core/search/matches';
import { RUN_BUNDLE, RUN_FILE } from '../core/statements/predicates/report-run';
import { verifyBundle } from '../core/statements/verify-bundle';
import { ownKeys, trustIn } from '../db/signed-by';
import { isDamage } from '../evidence/damage';
import { readObject } from '../evidence/store';
import { getReportRun } from '../package/report-runs/runs';
import { RECORD_COLUMNS, searchOf } from '../reports/csv';
import { csvStream } from '../reports/csv-stream';
import { reportJson, reportPdf } from '../reports/pdf/report-pdf';
import { USAGE_COLUMNS, type Usage, usageCsvRows, usageReport } from '../reports/usage/usage';
import { usageJson, usagePdf } from '../reports/usage/usage-pdf';
import { controlsCsv } from '../reports/controls/controls-csv';
import { controlsJson, controlsPdf } from '../reports/controls/controls-pdf';
import { KEPT_AS, writtenAs } from '../reports/controls/evidence-files';
import { ControlsReport } from '../schemas/controls';
import { EVIDENCE_COLUMNS, evidenceRows } from '../reports/incident/incident-csv';
import { incidentJson, incidentPdf } from '../reports/incident/incident-pdf';
import { IncidentReport } from '../schemas/incident-report';
import { integrityJson, integrityPdf } from '../reports/integrity/integrity-pdf';
import { IntegrityReport } from '../schemas/integrity-report';
import { UsageReport } from '../schemas/usage-report';
import { type ReportRun, RunRecord } from '../schemas/report-runs';
import { CsvKind, Report } from '../schemas/reports';
import { AppError } from '../core/errors';
import { type Counted, count, orderOfId } from './counted';
import { firstDifference } from './first-difference';
import { type DerivedRecord, recordsOf } from './records';
import { derivedControls } from './controls';
import { derivedIncident, listedRecords } from './incident';
import { countChains, derivedIntegrity } from './integrity';
import { countUsage } from './usage';
import { SortedRows } from './sorted-rows';

/** What became of a file: the same bytes when derived again, others, or not derived. */
export type Checked =
  | { file: string; outcome: 'same' }
  | { file: string; outcome: 'differs'; expected: string; found: string; line?: number; byte?: number }
  | { file: string; outcome: 'not derived'; because: string };

export type Telling = {
  checked(result: Checked): void;
  /** What is being done now, and the bytes read so far. */
  doing(what: string): void;
  bytes(read: number): void;
};

const NOT_OF_RECORDS =
  'findings, and who decided what of them, are no bytes of a log: fsck compares those that there are with rules and records';
const WHY_NOT: Partial<Record<string, string>> = {
  'findings.csv': NOT_OF_RECORDS,
  'rule-looks.csv': 'when the rules looked was seen by this installation alone',
  'integrity.csv': 'verdicts and signatures are those of that moment: fsck derives them as they are now',
};

/** Tables that are compared with the figures they are of. */
const WITH_FIGURES: ReadonlySet<string> = new Set([
  'usage.csv',
  'evidence.csv',
  'controls.csv',
  ...Object.keys(KEPT_AS),
]);
const OF_THAT_MOMENT: Record<string, string> = {
  'chains.csv': 'verdicts and signatures are those of that moment: report.json has what is counted of it',
  'problems.csv': 'problems are those of that moment: fsck derives them as they are now',
  'heads.csv': 'when heads were seen was seen by this installation alone',
  'timeline.csv':
    'what rules found, and what people did and wrote about it, is no byte of a log: report.json has it as it was kept',
  'statements.csv': 'statements are those of that moment: each is signed, and an entry of the transparency log',
};

/**
 * Derives the files of a report that is kept again, from the evidence its `run.json` names, and compares them byte for byte with what is kept.
 * @throws AppError NOT_FOUND; CONFLICT of one that is not made.
 */
export async function checkRun(
  ctx: Context,
  { runId, trustedRoot }: { runId: string; trustedRoot: unknown },
  tell: Telling,
): Promise<void> {
  const run = await getReportRun(ctx, { runId });
  if (run.state !== 'done') throw new AppError('CONFLICT', `the report run is ${run.state}`, { runId });
  const intact = await readBack(ctx, run, tell);
  await checkSignature(ctx, run, intact, trustedRoot, tell);
  if (!intact.has(RUN_FILE) || !intact.has('report.json')) return;
  const record = RunRecord.parse(JSON.parse((await readFile(ctx, run, RUN_FILE)).toString('utf8')));
  compareList(run, record, tell);
  const folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-report-'));
  try {
    await derive(ctx, { run, record, intact, folder }, tell);
  } catch (error) {
    if (!isDamage(error)) throw error;
    tell.checked({ file: 'evidence', outcome: 'differs', expected: 'every segment as it was', found: error.message });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const entryOf = ({ files }: ReportRun, file: string) => files.find(({ path: name }) => name === file);

async function readFile({ evidence }: Context, run: ReportRun, file: string): Promise<Buffer> {
  const entry = entryOf(run, file);
  if (!entry) throw new AppError('NOT_FOUND', `the report run has no ${file}`, { runId: run.id });
  return readObject(evidence, entry.digest, { sizeBytes: entry.sizeBytes });
}

/** Which of its files can be read as they were signed. */
async function readBack({ evidence }: Context, run: ReportRun, tell: Telling): Promise<Set<string>> {
  const intact = new Set<string>();
  for (const { path: file, digest, sizeBytes } of run.files) {
    tell.doing(file);
    try {
      for await (const chunk of await evidence.read(digest, { sizeBytes })) tell.bytes(chunk.length);
      intact.add(file);
    } catch (error) {
      if (!isDamage(error)) throw error;
      tell.checked({ file, outcome: 'differs', expected: `SHA-256 ${digest}`, found: error.message });
    }
  }
  return intact;
}

async function checkSignature(
  ctx: Context,
  run: ReportRun,
  intact: ReadonlySet<string>,
  trustedRoot: unknown,
  tell: Telling,
): Promise<void> {
  if (!intact.has(RUN_BUNDLE)) return;
  const row = await ctx.db
    .selectFrom('report_runs')
    .select(['key_hint', 'signed_by', 'signed_by_issuer'])
    .where('id', '=', run.id)
    .executeTakeFirstOrThrow();
  const trust = trustIn(row, { keys: await ownKeys(ctx.db), trustedRoot });
  const bundle: unknown = JSON.parse((await readFile(ctx, run, RUN_BUNDLE)).toString('utf8'));
  for (const { path: file, digest } of run.files) {
    if (file === RUN_BUNDLE) continue;
    const { steps } = verifyBundle(bundle, { trust, subjectSha256: digest });
    const wrong = steps.find((step) => !isMet(step));
    if (!wrong) continue;
    tell.checked({
      file: RUN_BUNDLE,
      outcome: 'differs',
      expected: `a signature over ${file}`,
      found: checkWords(wrong),
    });
    return;
  }
  tell.checked({ file: RUN_BUNDLE, outcome: 'same' });
}

/** What `run.json` says of the other files against what is on record of them. */
function compareList(run: ReportRun, { files }: RunRecord, tell: Telling): void {
  const ofEntry = (entry: { path: string; digest: string; sizeBytes: number; rows: number | null }) =>
    `${entry.digest} ${entry.sizeBytes} ${entry.rows} ${entry.path}`;
  const said = new Set(files.map(({ sha256: digest, ...entry }) => ofEntry({ ...entry, digest })));
  const known = new Set(run.files.filter(({ path: file }) => file !== RUN_FILE && file !== RUN_BUNDLE).map(ofEntry));
  const [expected] = said.difference(known);
  const [found] = known.difference(said);
  tell.checked(
    expected === undefined && found === undefined
      ? { file: RUN_FILE, outcome: 'same' }
      : {
          file: RUN_FILE,
          outcome: 'differs',
          expected: expected ?? 'no such file',
          found: found ?? 'no such file',
        },
  );
}

type Deriving = { run: ReportRun; record: RunRecord; intact: ReadonlySet<string>; folder: string };

async function derive(ctx: Context, of: Deriving, tell: Telling): Promise<void> {
  const { run, record, intact, folder } = of;
  const sorted = new SortedRows<DerivedRecord>(folder);
  const batches = recordsOf(ctx, record, {
    bytes: tell.bytes,
    chain: (name) => tell.doing(`records of ${name}`),
    miscounted: ({ chain, sha256, expected, found }) =>
      tell.checked({
        file: RUN_FILE,
        outcome: 'differs',
        expected: `${expected} records of the period in ${sha256} of ${chain}`,
        found: String(found),
      }),
  });
  for await (const batch of batches)
    for (const row of batch)
      await sorted.add(`${row.recorded_at} ${orderOfId(row.chain_id)} ${String(row.ordinal).padStart(20, '0')}`, row);
  for (const { path: file } of run.files) {
    if (!intact.has(file) || file === RUN_FILE || file === RUN_BUNDLE) continue;
    tell.doing(file);
    const kind = CsvKind.options.find((known) => file === `${known}.csv`);
    const search = kind && searchOf(kind);
    if (search) await compare(ctx, run, file, tableOf(sorted, search, record.definition?.bom ?? false), tell);
    else if (WITH_FIGURES.has(file))
      continue; // with the figures that are added up of it
    else if (file in OF_THAT_MOMENT)
      tell.checked({ file, outcome: 'not derived', because: OF_THAT_MOMENT[file] ?? '' });
    else if (kind) tell.checked({ file, outcome: 'not derived', because: WHY_NOT[file] ?? NOT_OF_RECORDS });
    else if (file.startsWith('open-'))
      tell.checked({ file, outcome: 'not derived', because: 'it is what was open, as it was accepted' });
  }
  tell.doing('figures');
  if (record.definition?.kind === 'controls')
    await compareControls(ctx, of, await count(sorted.read(), record.period), tell);
  else if (record.definition?.kind === 'incident') await compareIncident(ctx, of, sorted.read(), tell);
  else if (record.definition?.kind === 'integrity') await compareIntegrity(ctx, of, sorted.read(), tell);
  else if (record.definition?.kind === 'usage') await compareUsage(ctx, of, await countUsage(sorted.read()), tell);
  else await compareFigures(ctx, of, await count(sorted.read(), record.period), tell);
}

/** Of control evidence the figures that are counted of records are counted again; the others say by themselves how far they can be believed. */
async function compareControls(ctx: Context, of: Deriving, counted: Counted, tell: Telling): Promise<void> {
  const { run, record, intact } = of;
  const kept: unknown = JSON.parse((await readFile(ctx, run, 'report.json')).toString('utf8'));
  if (!isControls(kept)) return writtenOtherwise(record, tell);
  const report = derivedControls(kept, counted);
  await compare(ctx, run, 'report.json', Readable.from([controlsJson(report)], { objectMode: false }), tell);
  const own = ctx.env.publicUrl;
  const publicUrl = new URL(own).host === record.host ? own : `https://${record.host}`;
  for (const [file, as] of Object.entries(KEPT_AS)) {
    if (!intact.has(file)) continue;
    const text = writtenAs(as, report, { version: record.tool.version, url: publicUrl });
    await compare(ctx, run, file, Readable.from([text], { objectMode: false }), tell);
  }
  if (intact.has('controls.csv')) {
    const { stream } = controlsCsv(report, { bom: record.definition?.bom ?? false, publicUrl });
    await compare(ctx, run, 'controls.csv', stream, tell);
  }
  await comparePdf(ctx, of, (env) => controlsPdf({ env }, report), tell);
}

/** Of an incident the records that it lists are read again, and each rule's text is held against its SHA-256. */
async function compareIncident(
  ctx: Context,
  of: Deriving,
  records: AsyncIterable<DerivedRecord>,
  tell: Telling,
): Promise<void> {
  const { run, record, intact } = of;
  const kept: unknown = JSON.parse((await readFile(ctx, run, 'report.json')).toString('utf8'));
  if (!isIncident(kept)) return writtenOtherwise(record, tell);
  for (const { ruleId, ruleDigest, ruleYaml } of kept.findings) {
    const found = createHash('sha256').update(ruleYaml).digest('hex');
    if (found !== ruleDigest)
      tell.checked({
        file: 'report.json',
        outcome: 'differs',
        expected: `the text of rule ${ruleId}, SHA-256 ${ruleDigest}`,
        found: `SHA-256 ${found}`,
      });
  }
  const report = derivedIncident(kept, await listedRecords(records, kept));
  await compare(ctx, run, 'report.json', Readable.from([incidentJson(report)], { objectMode: false }), tell);
  if (intact.has('evidence.csv')) {
    const bom = record.definition?.bom ?? false;
    await compare(ctx, run, 'evidence.csv', csvStream(evidenceRows(report), EVIDENCE_COLUMNS, { bom }), tell);
  }
  await comparePdf(ctx, of, (env) => incidentPdf({ env }, report), tell);
}

/** Of an integrity report the records of each chain, and when they are of, are counted again, and what is added up of these. */
async function compareIntegrity(
  ctx: Context,
  of: Deriving,
  records: AsyncIterable<DerivedRecord>,
  tell: Telling,
): Promise<void> {
  const { run, record } = of;
  const kept: unknown = JSON.parse((await readFile(ctx, run, 'report.json')).toString('utf8'));
  if (!isIntegrity(kept)) return writtenOtherwise(record, tell);
  const report = derivedIntegrity(kept, await countChains(records));
  await compare(ctx, run, 'report.json', Readable.from([integrityJson(report)], { objectMode: false }), tell);
  await comparePdf(ctx, of, (env) => integrityPdf({ env }, report), tell);
}

/** A usage report is all counted from records. */
async function compareUsage(ctx: Context, of: Deriving, usage: Usage, tell: Telling): Promise<void> {
  const { run, record, intact } = of;
  const kept: unknown = JSON.parse((await readFile(ctx, run, 'report.json')).toString('utf8'));
  if (!isUsage(kept)) return writtenOtherwise(record, tell);
  const { definition, period, generatedAt } = kept;
  const report = usageReport(usage, { definition, period, generatedAt });
  await compare(ctx, run, 'report.json', Readable.from([usageJson(report)], { objectMode: false }), tell);
  if (intact.has('usage.csv')) {
    const bom = record.definition?.bom ?? false;
    await compare(ctx, run, 'usage.csv', csvStream(usageCsvRows(usage), USAGE_COLUMNS, { bom }), tell);
  }
  await comparePdf(ctx, of, (env) => usagePdf({ env }, report), tell);
}

function writtenOtherwise({ tool }: RunRecord, tell: Telling): void {
  for (const file of ['report.json', 'report.pdf'])
    tell.checked({ file, outcome: 'not derived', because: `release ${tool.version} wrote it in another way` });
}

/** The document of figures that were counted again, which the release that wrote it makes the same. */
async function comparePdf(
  ctx: Context,
  { run, record, intact }: Deriving,
  make: (env: Context['env']) => Promise<Readable>,
  tell: Telling,
): Promise<void> {
  if (!intact.has('report.pdf')) return;
  if (record.tool.version !== VERSION)
    return tell.checked({
      file: 'report.pdf',
      outcome: 'not derived',
      because: `it was made by release ${record.tool.version}, and this is ${VERSION}`,
    });
  await compare(ctx, run, 'report.pdf', await make({ ...ctx.env, publicUrl: `https://${record.host}` }), tell);
}

function tableOf(sorted: SortedRows<DerivedRecord>, search: Search, bom: boolean): Readable {
  const rows = async function* () {
    for await (const row of sorted.read())
      if (matchesSearch(search, { chainName: String(row['chain']), fields: row })) yield row;
  };
  return csvStream(rows(), RECORD_COLUMNS, { bom });
}

async function compare(
  ctx: Context,
  run: ReportRun,
  file: string,
  expected: AsyncIterable<Uint8Array>,
  tell: Telling,
): Promise<void> {
  const entry = entryOf(run, file);
  if (!entry) return;
  const found = await ctx.evidence.read(entry.digest, { sizeBytes: entry.sizeBytes });
  const difference = await firstDifference(expected, found);
  tell.checked(difference ? { file, outcome: 'differs', ...difference } : { file, outcome: 'same' });
}

/** `report.json` with every figure that is counted from records counted again, and the document made of it. */
async function compareFigures(ctx: Context, of: Deriving, counted: Counted, tell: Telling): Promise<void> {
  const { run, record } = of;
  const kept: unknown = JSON.parse((await readFile(ctx, run, 'report.json')).toString('utf8'));
  if (!isReport(kept)) return writtenOtherwise(record, tell);
  const report = derivedReport(kept, counted);
  await compare(ctx, run, 'report.json', Readable.from([reportJson(report)], { objectMode: false }), tell);
  await comparePdf(ctx, of, (env) => reportPdf({ env }, report), tell);
}

function isControls(kept: unknown): kept is ControlsReport {
  return ControlsReport.safeParse(kept).success;
}

function isIncident(kept: unknown): kept is IncidentReport {
  return IncidentReport.safeParse(kept).success;
}

function isIntegrity(kept: unknown): kept is IntegrityReport {
  return IntegrityReport.safeParse(kept).success;
}

/** Read as they stand: the order of their members is of the bytes that are compared. */
function isUsage(kept: unknown): kept is UsageReport {
  return UsageReport.safeParse(kept).success;
}

function isReport(kept: unknown): kept is Report {
  return Report.safeParse(kept).success;
}

/** What is counted, in place of what was kept; verdicts, findings, signatures and records without a time are as they were kept. */
function derivedReport(kept: Report, { totals, byChain, ...counted }: Counted): Report {
  return {
    ...kept,
    summary: { ...kept.summary, ...totals, chains: byChain.size },
    bucketSeconds: counted.bucketSeconds,
    activity: counted.activity,
    topTools: counted.topTools,
    blocked: counted.blocked,
    blockedTotal: counted.blockedTotal,
    chains: kept.chains.map((chain) => ({
      ...chain,
      inPeriod: { ...chain.inPeriod, records: byChain.get(chain.id) ?? 0 },
    })),
    coverage: { ...kept.coverage, records: totals.records },
  };
}
