import 'server-only';
import { buffer } from 'node:stream/consumers';
import { counted, csvStream } from '../../../reports/csv-stream';
import { EVIDENCE_COLUMNS, TIMELINE_COLUMNS, evidenceRows, timelineRows } from '../../../reports/incident/incident-csv';
import { incidentJson, incidentPdf } from '../../../reports/incident/incident-pdf';
import { incidentSarif } from '../../../reports/incident/incident-sarif';
import { incidentReport } from '../../../reports/incident/read-incident';
import { IncidentReport } from '../../../schemas/incident-report';
import type { RunKind } from './run-kind';

/** What happened, from a case or from findings that were chosen. */
export const incident: RunKind = {
  files: () => ['report.json', 'report.pdf', 'evidence.csv', 'timeline.csv', 'findings.sarif'],
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
    await out.add('findings.sarif', await buffer(incidentSarif(report, { publicUrl: ctx.env.workspaceUrl })));
    return true;
  },
  headline(report) {
    const { totals } = IncidentReport.parse(report);
    return [
      { label: 'Findings', value: totals.findings },
      { label: 'Records', value: totals.records },
      { label: 'Chains', value: totals.chains },
    ];
  },
};
