import 'server-only';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { VERSION } from '../config/version';
import type { Context } from '../context';
import { checkWords, isMet } from '../core/checks/check';
import { RUN_BUNDLE, RUN_FILE } from '../core/statements/predicates/report-run';
import { verifyBundle } from '../core/statements/verify-bundle';
import { ownKeys, trustIn } from '../db/signed-by';
import { isDamage } from '../evidence/damage';
import { readObject } from '../evidence/store';
import { getReportRun } from '../package/report-runs/runs';
import { searchOf } from '../reports/csv';
import { KEPT_AS } from '../reports/controls/evidence-files';
import type { ReportKind } from '../schemas/report-definitions';
import { type ReportRun, RunRecord } from '../schemas/report-runs';
import { CsvKind } from '../schemas/reports';
import { AppError } from '../core/errors';
import { wrongProofs } from './check-sample';
import { firstDifference } from './first-difference';
import { DERIVED } from './kinds';
import type { DerivedRecord } from './records';
import { drawRunSample } from './sample';
import { recordTable, sortRecords } from './sorted-records';

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
const isWithFigures = (file: string, kind: ReportKind) =>
  WITH_FIGURES.has(file) || (file === 'findings.sarif' && kind === 'incident');
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
    await derive(ctx, { run, record, intact, folder, trustedRoot }, tell);
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

type Deriving = {
  run: ReportRun;
  record: RunRecord;
  intact: ReadonlySet<string>;
  folder: string;
  trustedRoot: unknown;
};

async function derive(ctx: Context, of: Deriving, tell: Telling): Promise<void> {
  const { run, record, intact, folder } = of;
  const sorted = await sortRecords(ctx, record, folder, {
    bytes: tell.bytes,
    chain: (name) => tell.doing(`records of ${name}`),
    counted: ({ chain, sha256, expected, found }) => {
      if (found === expected) return;
      tell.checked({
        file: RUN_FILE,
        outcome: 'differs',
        expected: `${expected} records of the period in ${sha256} of ${chain}`,
        found: String(found),
      });
    },
  });
  for (const { path: file } of run.files) {
    if (!intact.has(file) || file === RUN_FILE || file === RUN_BUNDLE) continue;
    tell.doing(file);
    const kind = CsvKind.options.find((known) => file === `${known}.csv`);
    const search = kind && searchOf(kind);
    if (search)
      await compare(ctx, run, file, recordTable(sorted, search, { bom: record.definition?.bom ?? false }), tell);
    else if (isWithFigures(file, record.definition?.kind ?? 'governance'))
      continue; // with the figures that are added up of it
    else if (file in OF_THAT_MOMENT)
      tell.checked({ file, outcome: 'not derived', because: OF_THAT_MOMENT[file] ?? '' });
    else if (kind) tell.checked({ file, outcome: 'not derived', because: WHY_NOT[file] ?? NOT_OF_RECORDS });
    else if (file === 'findings.sarif') tell.checked({ file, outcome: 'not derived', because: NOT_OF_RECORDS });
    else if (file.startsWith('open-'))
      tell.checked({ file, outcome: 'not derived', because: 'it is what was open, as it was accepted' });
  }
  tell.doing('figures');
  await compareFigures(ctx, of, sorted.read(), tell);
  await compareSample(ctx, of, tell);
}

/** `report.json` with its figures derived again, and what is made of them. */
async function compareFigures(
  ctx: Context,
  of: Deriving,
  records: AsyncIterable<DerivedRecord>,
  tell: Telling,
): Promise<void> {
  const { run, record, intact } = of;
  const { publicUrl, workspaceUrl } = ctx.env;
  const whereMade = new URL(publicUrl).host === record.host ? publicUrl : `https://${record.host}`;
  const derived = await DERIVED[record.definition?.kind ?? 'governance'](
    JSON.parse((await readFile(ctx, run, 'report.json')).toString('utf8')),
    {
      records,
      period: record.period,
      bom: record.definition?.bom ?? false,
      publicUrl: `${whereMade}${workspaceUrl.slice(publicUrl.length)}`,
      version: record.tool.version,
    },
  );
  if (!derived) return writtenOtherwise(record, tell);
  for (const difference of derived.differs) tell.checked({ file: 'report.json', outcome: 'differs', ...difference });
  await compare(ctx, run, 'report.json', Readable.from([derived.json], { objectMode: false }), tell);
  for (const [file, content] of Object.entries(derived.files))
    if (intact.has(file))
      await compare(
        ctx,
        run,
        file,
        content(() => {}),
        tell,
      );
  await comparePdf(ctx, of, derived.pdf, tell);
}

/** The sample that the definition asks for, drawn again, and the proof of each of its records. */
async function compareSample(ctx: Context, of: Deriving, tell: Telling): Promise<void> {
  const { run, record, intact, folder } = of;
  const asked = record.definition?.sample;
  if (!asked || !intact.has('sample.json')) return;
  tell.doing('sample.json');
  const { sample, json, lines } = await drawRunSample(ctx, record, {
    asked,
    folder,
    tell: { bytes: tell.bytes, chain: (name) => tell.doing(`lines of ${name}`), counted: () => {} },
  });
  await compare(ctx, run, 'sample.json', Readable.from([json], { objectMode: false }), tell);
  if (intact.has('sample.ndjson'))
    await compare(ctx, run, 'sample.ndjson', Readable.from([lines], { objectMode: false }), tell);
  const file = 'sample-proofs.ndjson';
  if (!intact.has(file)) return;
  const proofs = (await readFile(ctx, run, file)).toString('utf8');
  const [wrong] = await wrongProofs(ctx, { records: sample.records, lines, proofs, trustedRoot: of.trustedRoot });
  tell.checked(wrong ? { file, outcome: 'differs', ...wrong } : { file, outcome: 'same' });
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
