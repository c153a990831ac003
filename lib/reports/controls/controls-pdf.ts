import 'server-only';
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Context } from '../../context';
import { asSentence, figure } from '../../core/text/words';
import { type ControlFigure, type ControlsReport, type FigurePart, STRENGTHS } from '../../schemas/controls';
import { openPdf } from '../pdf/pdf-document';
import { minute, periodText } from '../pdf/words';

export function controlsJson(report: ControlsReport): Buffer {
  return Buffer.from(`${JSON.stringify(report, null, 2)}\n`);
}

/** Control evidence as a tagged PDF that carries it as JSON. The same report gives the same bytes. */
export async function controlsPdf({ env }: Pick<Context, 'env'>, report: ControlsReport): Promise<Readable> {
  const json = controlsJson(report);
  const { definition, framework, period, figures, controls } = report;
  const pdf = await openPdf(env.rootDir, { title: definition.name, madeAt: new Date(report.generatedAt) });
  pdf.title(definition.name, [
    `Control evidence for ${framework.title}. ${periodText(period, definition.timeZone)}. Made ${minute(report.generatedAt)} by Sealtrail at ${new URL(env.publicUrl).host}. All times are in UTC.`,
    `${report.statement}.`,
  ]);
  pdf.heading('1  The framework');
  pdf.prose(
    `${framework.reference}. Published by ${framework.publisher}. What is said of it here is as of ${framework.asOf}.`,
  );
  for (const note of framework.notes) pdf.prose(note);
  for (const { date, what } of framework.dates) pdf.prose(`${date}: ${what}`);
  pdf.heading('2  Strength of evidence');
  pdf.prose('A control is as strong as the weakest figure it rests on.');
  for (const { label, meaning } of report.strengths) pdf.prose(`${label}: ${meaning}`);
  pdf.heading('3  Controls');
  const byId = new Map(figures.map((one) => [one.id, one]));
  for (const control of controls) {
    pdf.entry(`${control.id}  ${control.title}. ${STRENGTHS[control.strength].label}.`, [
      `What it asks: ${control.asks}`,
      `What answers it: ${control.answers}`,
    ]);
    const of = control.figures.flatMap((id) => byId.get(id) ?? []);
    if (of.length > 0)
      pdf.table(
        `Figures for ${control.id}`,
        [
          { title: 'Figure', width: 5 },
          { title: 'Value', width: 5 },
          { title: 'Strength', width: 5 },
        ],
        of.map((one) => [one.label, valueText(one), STRENGTHS[one.strength].label]),
      );
    pdf.prose(`What is not covered: ${control.notCovered} Who has to show that: ${control.shownBy}`);
  }
  pdf.heading('4  Figures');
  for (const one of figures) {
    pdf.lead(`${one.label}: ${valueText(one)}. ${one.counts}`);
    if (one.parts.length > 0)
      pdf.table(
        `Parts of ${one.label}`,
        [
          { title: 'Part', width: 6 },
          { title: 'Value', width: 6 },
        ],
        one.parts.map((part) => [asSentence(part.label).slice(0, -1), valueText(part)]),
      );
  }
  pdf.attach('report.json', json, 'The report, as figures');
  return pdf.end(`report.json in this file: SHA-256 ${createHash('sha256').update(json).digest('hex')}`);
}

function valueText({ unit, value, total }: FigurePart & Partial<Pick<ControlFigure, 'total'>>): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return minute(value);
  return total == null ? `${figure(value)} ${unit}` : `${figure(value)} of ${figure(total)} ${unit}`;
}
