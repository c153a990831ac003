import 'server-only';
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Context } from '../../context';
import { figure, many } from '../../core/text/words';
import { scopeLines } from '../../schemas/report-words';
import type { UsageBy, UsageReport } from '../../schemas/usage-report';
import { type PdfDocument, openPdf } from '../pdf/pdf-document';
import { minute, periodText } from '../pdf/words';

/** Of each table as many as a reader takes in; `report.json` has more, and `usage.csv` has all. */
const LISTED = 50;

export function usageJson(report: UsageReport): Buffer {
  return Buffer.from(`${JSON.stringify(report, null, 2)}\n`);
}

/** A usage report as a tagged PDF that carries it as JSON. The same report gives the same bytes. */
export async function usagePdf({ env }: Pick<Context, 'env'>, report: UsageReport): Promise<Readable> {
  const json = usageJson(report);
  const { definition, period, totals } = report;
  const pdf = await openPdf(env.rootDir, { title: definition.name, madeAt: new Date(report.generatedAt) });
  pdf.title(definition.name, [
    `Use of agents, models and tools. ${periodText(period, definition.timeZone)}. Made ${minute(report.generatedAt)} by Sealtrail at ${new URL(env.publicUrl).host}. All times are in UTC.`,
    ...scopeLines(definition.scope),
    'Evidence, not a compliance determination.',
  ]);
  pdf.heading('1  Summary');
  pdf.prose(
    'Tokens and cost are what records state. Every figure but that of sessions is the sum of its rows: a session may use several agents, models and tools.',
  );
  pdf.figures([
    { label: 'Records', value: figure(totals.records) },
    { label: 'Requests', value: figure(totals.requests) },
    { label: 'Sessions', value: figure(totals.sessions) },
    { label: 'Refused', value: figure(totals.decisions.deny ?? 0) },
    { label: 'Tokens in', value: figure(totals.inputTokens) },
    { label: 'Tokens out', value: figure(totals.outputTokens) },
    { label: 'Cost stated', value: `$${totals.costUsd}` },
  ]);
  pdf.heading('2  Agents');
  by(pdf, 'Agent', report.agents, totals);
  pdf.heading('3  Models');
  by(pdf, 'Model', report.models, totals);
  pdf.heading('4  Tools');
  by(pdf, 'Tool', report.tools, totals);
  pdf.attach('report.json', json, 'The report, as figures');
  return pdf.end(`report.json in this file: SHA-256 ${createHash('sha256').update(json).digest('hex')}`);
}

function by(pdf: PdfDocument, title: string, { values, more }: UsageBy, totals: UsageReport['totals']): void {
  const listed = values.slice(0, LISTED);
  const hidden = values.length - listed.length + more.values;
  if (hidden > 0) pdf.prose(`The ${LISTED} with most records are listed; ${many(hidden, 'more')} in usage.csv.`);
  const cells = (name: string, counts: UsageReport['totals'], bold = false) =>
    [
      name,
      figure(counts.records),
      figure(counts.requests),
      figure(counts.sessions),
      figure(counts.decisions.deny ?? 0),
      figure(counts.inputTokens),
      figure(counts.outputTokens),
      `$${counts.costUsd}`,
    ].map((text) => ({ text, bold }));
  pdf.table(
    `By ${title.toLowerCase()}`,
    [
      { title, width: 6 },
      ...['Records', 'Requests', 'Sessions', 'Refused', 'Tokens in', 'Tokens out', 'Cost'].map((one) => ({
        title: one,
        width: 3,
        isNumeric: true,
      })),
    ],
    [...listed.map((row) => cells(row.value === '' ? 'none stated' : row.value, row)), cells('All', totals, true)],
  );
}
