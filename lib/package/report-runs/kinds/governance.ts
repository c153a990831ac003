import 'server-only';
import { chainsInScope } from '../../../reports/chains-of-period';
import { findingsSarif } from '../../../reports/findings-files';
import { INTEGRITY_COLUMNS, exportCsv } from '../../../reports/csv';
import { counted, csvStream } from '../../../reports/csv-stream';
import { integrityRows } from '../../../reports/integrity-rows';
import { reportJson, reportPdf } from '../../../reports/pdf/report-pdf';
import { getReport } from '../../../reports/report';
import { type DefinitionAsRun, ReportSection } from '../../../schemas/report-definitions';
import { CsvKind, Report } from '../../../schemas/reports';
import { settledReport, settledRows } from './settled';
import type { RunKind } from './run-kind';

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

function hasFindings(definition: DefinitionAsRun | null): boolean {
  return definition === null || definition.sections.includes('findings');
}

/** What the agents did, what was refused, what was found, what is signed. */
export const governance: RunKind = {
  files: (definition) => [
    'report.json',
    'report.pdf',
    ...tablesOf(definition).map((kind) => `${kind}.csv`),
    ...(hasFindings(definition) ? ['findings.sarif'] : []),
  ],
  async make(ctx, { period, scope, definition, chains, settled }, out) {
    const read = await getReport(ctx, { period, scope, ...(definition && { definition: faceOf(definition) }) });
    const report = settled ? settledReport(read, settled) : read;
    await out.add('report.json', reportJson(report));
    await out.stream('report.pdf', await reportPdf(ctx, report));
    const rows = new Map<CsvKind, number>();
    for (const kind of tablesOf(definition)) {
      const bom = definition?.bom ?? false;
      const table = (onRow: () => void) =>
        kind === 'integrity' && settled
          ? csvStream(counted(settledRows(integrityRows(ctx, period, scope), settled), onRow), INTEGRITY_COLUMNS, {
              bom,
            })
          : exportCsv(ctx, { kind, period, scope, bom, onRow });
      rows.set(kind, await out.table(`${kind}.csv`, table));
    }
    if (hasFindings(definition)) {
      const chainIds = await chainsInScope(ctx, period, scope);
      await out.stream(
        'findings.sarif',
        (await findingsSarif(ctx, { ...period, chainIds, suppressed: 'with' })).stream,
      );
    }
    const { records, chains: inReport } = report.summary;
    return (
      records === chains.reduce((sum, { inPeriod }) => sum + inPeriod, 0) &&
      inReport === chains.length &&
      (rows.get('access-log') ?? records) === records &&
      (rows.get('blocked') ?? report.blockedTotal) === report.blockedTotal
    );
  },
  headline(report) {
    const { summary, coverage } = Report.parse(report);
    return [
      { label: 'Records', value: summary.records },
      { label: 'Chains', value: summary.chains },
      { label: 'Refused', value: summary.denied },
      { label: 'Secrets redacted', value: summary.secretsRedacted },
      { label: 'Findings', value: summary.findings },
      { label: 'Records signed', value: coverage.attested },
    ];
  },
};

/** What of a definition the document says of itself. */
function faceOf({ name, scope, timeZone, sections }: DefinitionAsRun) {
  return { name, scope, timeZone, sections };
}
