import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { VERSION } from '../../config/version';
import { publishedCheckpoint } from '../../attest/log/serve';
import { RUN_FILE } from '../../core/statements/predicates/report-run';
import { tailBytes } from '../../db/tail-bytes';
import { exportCsv, searchOf } from '../../reports/csv';
import { reportJson, reportPdf } from '../../reports/pdf/report-pdf';
import { getReport } from '../../reports/report';
import { chainsBehind, chainsRestedOn, standingOf } from '../../reports/rests-on';
import type { Period } from '../../schemas/common';
import type { ReportRunEntry, RestingChain, RunRecord } from '../../schemas/report-runs';
import { CsvKind, type Report } from '../../schemas/reports';
import { type PackageFiles, createPackageFiles } from '../files';
import type { Tell } from './progress';

/** Times it is begun again because what it rests on changed meanwhile. */
const TRIES = 3;
const REPORT = 'report.json';

export type RunFiles = {
  files: PackageFiles;
  /** By path. */
  entries: ReportRunEntry[];
  report: Report;
};

/**
 * Makes every file of a report but the signature, all of one state of the chains: `run.json` says of which.
 * @throws AppError CONFLICT when the records of the period change all the time; TOO_LARGE, EVIDENCE_ALTERED, and whatever `tell` throws.
 */
export async function makeFiles(
  ctx: Context,
  { runId, period, madeAt }: { runId: string; period: Period; madeAt: Date },
  tell: Tell,
): Promise<RunFiles> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const chains = await chainsRestedOn(ctx, period);
    const made = await makeOnce(ctx, { runId, period, madeAt, chains }, tell);
    if (made && standingOf(await chainsRestedOn(ctx, period)) === standingOf(chains)) return made;
  }
  throw new AppError('CONFLICT', 'the records of the period changed whenever the report was made', { tries: TRIES });
}

type Making = { runId: string; period: Period; madeAt: Date; chains: readonly RestingChain[] };

/** Null when a table and the figures are not of the same records. */
async function makeOnce(ctx: Context, { runId, period, madeAt, chains }: Making, tell: Tell): Promise<RunFiles | null> {
  const files = createPackageFiles(ctx);
  const rows = new Map<string, number>();
  const opened = chains.flatMap(({ id, open }) => (open ? [{ id, ...open }] : []));
  const all = 3 + CsvKind.options.length + opened.length;
  const begin = (file: string) => tell({ file, filesDone: files.entries().length, files: all, rows: 0 });

  await begin(REPORT);
  const report = await getReport(ctx, { period });
  await files.add(REPORT, reportJson(report));
  await begin('report.pdf');
  await files.stream('report.pdf', await reportPdf(ctx, report));
  for (const kind of CsvKind.options) {
    const path = `${kind}.csv`;
    await begin(path);
    let count = 0;
    const csv = exportCsv(ctx, { kind, period, onRow: () => (count += 1) });
    const filesDone = files.entries().length;
    await files.stream(
      path,
      watched(csv, () => tell({ file: path, filesDone, files: all, rows: count })),
    );
    rows.set(path, count);
  }
  if (rows.get('access-log.csv') !== report.summary.records || rows.get('blocked.csv') !== report.blockedTotal)
    return null;
  for (const { id, file, fromByte, toByte } of opened) {
    await begin(file);
    await files.add(file, await tailBytes(ctx, id, fromByte, toByte));
  }
  await begin(RUN_FILE);
  const listed = files.entries().map((entry) => ({ ...entry, rows: rows.get(entry.path) ?? null }));
  const checkpoint = await publishedCheckpoint(ctx);
  const run: RunRecord = {
    id: runId,
    period,
    madeAt: madeAt.toISOString(),
    tool: { name: 'sealtrail', version: VERSION },
    host: new URL(ctx.env.publicUrl).host,
    chains: [...chains],
    behind: await chainsBehind(ctx),
    log: checkpoint && { size: checkpoint.size, checkpoint: checkpoint.note },
    files: listed.map(({ path, digest, sizeBytes, rows: count }) => ({
      path,
      sha256: digest,
      sizeBytes,
      rows: count,
      query: queryOf(path, period),
    })),
  };
  const own = await files.add(RUN_FILE, `${JSON.stringify(run, null, 2)}\n`);
  return {
    files,
    report,
    entries: [...listed, { ...own, rows: null }].toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/** What a table is of: its address in the API, and of one of records what a record must be to be in it. */
function queryOf(path: string, { from, to }: Period) {
  const kind = CsvKind.options.find((known) => path === `${known}.csv`);
  return kind === undefined
    ? null
    : { get: `/api/v1/reports/${path}?${new URLSearchParams({ from, to })}`, records: searchOf(kind) };
}

async function* watched(chunks: AsyncIterable<Uint8Array>, tell: () => Promise<void>) {
  for await (const chunk of chunks) {
    yield chunk;
    await tell();
  }
}
