import 'server-only';
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Context } from '../../context';
import { asSentence, figure, many } from '../../core/text/words';
import { Level } from '../../schemas/common';
import type { IncidentReport } from '../../schemas/incident-report';
import { type PdfDocument, openPdf } from '../pdf/pdf-document';
import { minute, periodText } from '../pdf/words';

/** Records that the document lists; evidence.csv has all. */
const LISTED = 100;

export function incidentJson(report: IncidentReport): Buffer {
  return Buffer.from(`${JSON.stringify(report, null, 2)}\n`);
}

/** An incident report as a tagged PDF that carries it as JSON. The same report gives the same bytes. */
export async function incidentPdf({ env }: Pick<Context, 'env'>, report: IncidentReport): Promise<Readable> {
  const json = incidentJson(report);
  const { definition, period } = report;
  const pdf = await openPdf(env.rootDir, { title: definition.name, madeAt: new Date(report.generatedAt) });
  pdf.title(definition.name, [
    `Incident report. ${periodText(period)}. Made ${minute(report.generatedAt)} by Sealtrail at ${new URL(env.publicUrl).host}. All times are in UTC.`,
    'Evidence, not a compliance determination.',
  ]);
  pdf.heading('1  Summary');
  summary(pdf, report);
  pdf.heading('2  Timeline');
  timeline(pdf, report);
  pdf.heading('3  What was found');
  found(pdf, report);
  pdf.heading('4  Evidence');
  evidence(pdf, report);
  pdf.attach('report.json', json, 'The report, as figures');
  return pdf.end(`report.json in this file: SHA-256 ${createHash('sha256').update(json).digest('hex')}`);
}

function summary(pdf: PdfDocument, { case: one, totals }: IncidentReport): void {
  pdf.prose(
    one
      ? `The case “${one.title}” is ${word(one.status).toLowerCase()}, ${one.owner === null ? 'owned by nobody' : `owned by ${one.owner}`}; it was begun ${minute(one.createdAt)} by ${one.createdBy}, and changed last ${minute(one.updatedAt)}. What people wrote about it is theirs, and follows from no record.`
      : 'These findings were chosen for this report; they are of no case here.',
  );
  pdf.figures([
    { label: 'Findings', value: figure(totals.findings) },
    ...Level.options.flatMap((level) => {
      const count = totals.byLevel[level];
      return count ? [{ label: word(level), value: figure(count) }] : [];
    }),
    { label: 'Records', value: figure(totals.records) },
    { label: 'Chains', value: figure(totals.chains) },
  ]);
}

function timeline(pdf: PdfDocument, { findings, history }: IncidentReport): void {
  const rows = [
    ...findings.map((one) => ({ at: one.windowFrom, by: 'found', what: `${word(one.level)}: ${one.title}` })),
    ...history.map(({ at, by, changes, note }) => ({
      at,
      by: by.name,
      what: [...Object.keys(changes).map((key) => `${key} changed`), ...(note === null ? [] : [note])].join('; '),
    })),
  ].toSorted((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1));
  pdf.table(
    'What was found, and what people did',
    [
      { title: 'Time', width: 4 },
      { title: 'By', width: 5 },
      { title: 'What', width: 14 },
    ],
    rows.map(({ at, by, what }) => [minute(at), by, what]),
  );
}

function found(pdf: PdfDocument, { findings }: IncidentReport): void {
  for (const one of findings) {
    pdf.entry(`${word(one.level)}: ${one.title}`, [
      [
        `${minute(one.windowFrom)} to ${minute(one.windowTo)}, ${many(one.recordCount, 'record')} in ${one.chains.map(({ name }) => name).join(', ')}.`,
        `It is ${word(one.status).toLowerCase()}${one.verdict === null ? '' : `, found to be ${one.verdict.replaceAll('_', ' ')}`}. Rule ${one.ruleId}, SHA-256 ${one.ruleDigest}.`,
      ].join(' '),
      ...(one.description ? [one.description] : []),
      ...(one.runbook ? [`What to do: ${one.runbook}`] : []),
    ]);
  }
}

function evidence(pdf: PdfDocument, { records }: IncidentReport): void {
  if (records.length === 0)
    return pdf.prose('These findings are about chains and stored evidence: they name no records.');
  pdf.lead(
    `${many(records.length, 'record')} ${records.length === 1 ? 'proves' : 'prove'} these findings${records.length > LISTED ? `; the first ${LISTED} are listed, evidence.csv has all` : ''}. Each lies in its segment at the byte that is named, under its own hash; its proof is fetched at the address that report.json has.`,
  );
  pdf.table(
    'Records',
    [
      { title: 'Time', width: 4 },
      { title: 'Record', width: 5 },
      { title: 'What it says', width: 8 },
      { title: 'Hash', width: 8 },
      { title: 'Segment, byte', width: 9 },
    ],
    records
      .slice(0, LISTED)
      .map((one) => [
        minute(one.recordedAt),
        `${one.chain} ${figure(one.ordinal)}`,
        `${one.decision} ${one.tool} ${one.target}`.trim(),
        one.hash,
        `${one.segmentSha256 || 'open'}, ${figure(one.byteOffset)}`,
      ]),
  );
}

function word(text: string): string {
  return asSentence(text.replaceAll('_', ' ')).slice(0, -1);
}
