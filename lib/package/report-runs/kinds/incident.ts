import 'server-only';
import { type CsvRow, csvStream } from '../../../reports/csv-stream';
import { EVIDENCE_COLUMNS, TIMELINE_COLUMNS, evidenceRows, timelineRows } from '../../../reports/incident/incident-csv';
import { incidentJson, incidentPdf } from '../../../reports/incident/incident-pdf';
import { incidentReport } from '../../../reports/incident/read-incident';
import type { RunKind } from './run-kind';

/** What happened, from a case or from findings that were chosen. */
export const incident: RunKind = {
  files: () => ['report.json', 'report.pdf', 'evidence.csv', 'timeline.csv'],
  async make(ctx, { period, definition }, out) {
    if (!definition?.incident) throw new Error('an incident report is of a case or of findings');
    const { name, timeZone, bom, incident: subject } = definition;
    const about = { definition: { name, timeZone }, period, generatedAt: ctx.now().toISOString() };
    const report = await incidentReport(ctx, { subject, workspaceId: ctx.env.workspaceId, ...about });
    await out.add('report.json', incidentJson(report));
    await out.stream('report.pdf', await incidentPdf(ctx, report));
    await out.table('evidence.csv', (onRow) =>
      csvStream(counted(evidenceRows(report), onRow), EVIDENCE_COLUMNS, { bom }),
    );
    await out.table('timeline.csv', (onRow) =>
      csvStream(counted(timelineRows(report), onRow), TIMELINE_COLUMNS, { bom }),
    );
    const { totals } = report;
    return [
      { label: 'Findings', value: totals.findings },
      { label: 'Records', value: totals.records },
      { label: 'Chains', value: totals.chains },
    ];
  },
};

async function* counted(rows: AsyncIterable<CsvRow> | Iterable<CsvRow>, onRow: () => void): AsyncGenerator<CsvRow> {
  for await (const row of rows) {
    onRow();
    yield row;
  }
}
