import 'server-only';
import { counted, csvStream } from '../../../reports/csv-stream';
import { readUsage } from '../../../reports/usage/read-usage';
import { USAGE_COLUMNS, usageCsvRows, usageReport } from '../../../reports/usage/usage';
import { usageJson, usagePdf } from '../../../reports/usage/usage-pdf';
import { UsageReport } from '../../../schemas/usage-report';
import type { RunKind } from './run-kind';

/** Which agents used which models and tools, and what that cost. */
export const usage: RunKind = {
  files: () => ['report.json', 'report.pdf', 'usage.csv'],
  async make(ctx, { period, scope, definition, chains }, out) {
    if (!definition) throw new Error('a report of every record is of what agents did');
    const { name, timeZone, bom } = definition;
    const used = await readUsage(ctx, { period, scope });
    const about = { definition: { name, scope: definition.scope, timeZone }, period };
    const report = usageReport(used, { ...about, generatedAt: ctx.now().toISOString() });
    await out.add('report.json', usageJson(report));
    await out.stream('report.pdf', await usagePdf(ctx, report));
    await out.table('usage.csv', (onRow) => csvStream(counted(usageCsvRows(used), onRow), USAGE_COLUMNS, { bom }));
    return report.totals.records === chains.reduce((sum, { inPeriod }) => sum + inPeriod, 0);
  },
  headline(report) {
    const { totals } = UsageReport.parse(report);
    return [
      { label: 'Records', value: totals.records },
      { label: 'Requests', value: totals.requests },
      { label: 'Sessions', value: totals.sessions },
      { label: 'Refused', value: totals.decisions.deny ?? 0 },
      { label: 'Tokens in', value: totals.inputTokens },
      { label: 'Tokens out', value: totals.outputTokens },
      { label: 'Cost in dollars', value: Number(totals.costUsd) },
    ];
  },
};
