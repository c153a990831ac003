import 'server-only';
import type { Context } from '../context';
import { exportCsv } from '../reports/csv';
import { reportJson, reportPdf } from '../reports/pdf/report-pdf';
import { getReport } from '../reports/report';
import type { Period } from '../schemas/common';
import { CsvKind } from '../schemas/reports';
import type { PackageFiles } from './files';

/** Puts in the governance report of the period, to be computed with and to be read, and its tables. */
export async function addReport(ctx: Context, period: Period, files: PackageFiles): Promise<void> {
  const report = await getReport(ctx, { period: { from: period.from, to: period.to } });
  await files.add('report.json', reportJson(report));
  await files.stream('report.pdf', await reportPdf(ctx, report));
  for (const kind of CsvKind.options) await files.stream(`report/${kind}.csv`, exportCsv(ctx, { kind, period }));
}
