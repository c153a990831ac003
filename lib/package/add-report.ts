import 'server-only';
import type { Context } from '../context';
import { exportCsv } from '../reports/csv';
import { getReport } from '../reports/report';
import type { Period } from '../schemas/common';
import { CsvKind } from '../schemas/reports';
import type { PackageFiles } from './files';

/** Puts in the governance report of the period, and its tables. */
export async function addReport(ctx: Context, period: Period, files: PackageFiles): Promise<void> {
  await files.add(
    'report.json',
    `${JSON.stringify(await getReport(ctx, { period: { from: period.from, to: period.to } }), null, 2)}\n`,
  );
  for (const kind of CsvKind.options) await files.stream(`report/${kind}.csv`, exportCsv(ctx, { kind, period }));
}
