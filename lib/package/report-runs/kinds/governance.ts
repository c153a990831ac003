import 'server-only';
import { exportCsv } from '../../../reports/csv';
import { reportJson, reportPdf } from '../../../reports/pdf/report-pdf';
import { getReport } from '../../../reports/report';
import { type DefinitionAsRun, ReportSection } from '../../../schemas/report-definitions';
import { CsvKind, type Report } from '../../../schemas/reports';
import type { Headline, RunKind } from './run-kind';

/** The tables that go with each part of the document. */
const TABLES: Record<ReportSection, readonly CsvKind[]> = {
  summary: [],
  integrity: ['integrity'],
  activity: ['access-log', 'secret-events'],
  tools: [],
  blocked: ['blocked'],
  findings: ['findings', 'rule-looks'],
  signatures: [],
};

function tablesOf(definition: DefinitionAsRun | null): CsvKind[] {
  const chosen = new Set((definition?.sections ?? ReportSection.options).flatMap((section) => TABLES[section]));
  return CsvKind.options.filter((kind) => chosen.has(kind));
}

/** What the agents did, what was refused, what was found, what is signed. */
export const governance: RunKind = {
  files: (definition) => ['report.json', 'report.pdf', ...tablesOf(definition).map((kind) => `${kind}.csv`)],
  async make(ctx, { period, scope, definition, chains }, out) {
    const report = await getReport(ctx, { period, scope, ...(definition && { definition: faceOf(definition) }) });
    await out.add('report.json', reportJson(report));
    await out.stream('report.pdf', await reportPdf(ctx, report));
    const rows = new Map<CsvKind, number>();
    for (const kind of tablesOf(definition)) {
      const bom = definition?.bom ?? false;
      rows.set(kind, await out.table(`${kind}.csv`, (onRow) => exportCsv(ctx, { kind, period, scope, bom, onRow })));
    }
    const { records, chains: inReport } = report.summary;
    const isOfOneState =
      records === chains.reduce((sum, { inPeriod }) => sum + inPeriod, 0) &&
      inReport === chains.length &&
      (rows.get('access-log') ?? records) === records &&
      (rows.get('blocked') ?? report.blockedTotal) === report.blockedTotal;
    return isOfOneState ? headline(report) : null;
  },
};

function headline({ summary, coverage }: Report): Headline {
  return [
    { label: 'Records', value: summary.records },
    { label: 'Chains', value: summary.chains },
    { label: 'Refused', value: summary.denied },
    { label: 'Secrets redacted', value: summary.secretsRedacted },
    { label: 'Findings', value: summary.findings },
    { label: 'Records signed', value: coverage.attested },
  ];
}

/** What of a definition the document says of itself. */
function faceOf({ name, scope, timeZone, sections }: DefinitionAsRun) {
  return { name, scope, timeZone, sections };
}
