import 'server-only';
import type { Readable } from 'node:stream';
import type { ControlEvidence, ControlFigure } from '../../schemas/controls';
import { type CsvRow, counted, csvStream } from '../csv-stream';
import type { ListCsv } from '../list-csv';

/** In their order; new ones come last. */
const COLUMNS = [
  'framework',
  'control',
  'title',
  'strength',
  'asks',
  'answers',
  'not_covered',
  'shown_by',
  'figure',
  'figure_label',
  'figure_strength',
  'figure_of',
  'part',
  'unit',
  'value',
  'rows_at',
  'period_from',
  'period_to',
  'generated_at',
  'statement',
] as const;

type As = { bom: boolean; publicUrl: string };

/** One row for each figure of each control, and for each of its parts; a control without a figure has one row. `publicUrl` leads to the rows. */
export function controlsCsv(evidence: ControlEvidence, as: As): ListCsv {
  return {
    name: `controls-${evidence.framework.id}_${evidence.period.from.slice(0, 10)}_${evidence.period.to.slice(0, 10)}`,
    rows: rowsOf(evidence, as.publicUrl).length,
    stream: controlsTable(evidence, as),
  };
}

/** The same without its name; `onRow` is told of each row. */
export function controlsTable(
  evidence: ControlEvidence,
  { bom, publicUrl }: As,
  onRow: () => void = () => {},
): Readable {
  return csvStream(counted(rowsOf(evidence, publicUrl), onRow), COLUMNS, { bom });
}

function rowsOf(evidence: ControlEvidence, publicUrl: string): CsvRow[] {
  const figures = new Map(evidence.figures.map((figure) => [figure.id, figure]));
  return evidence.controls.flatMap((control): CsvRow[] => {
    const own = {
      framework: evidence.framework.id,
      control: control.id,
      title: control.title,
      strength: control.strength,
      asks: control.asks,
      answers: control.answers,
      not_covered: control.notCovered,
      shown_by: control.shownBy,
      period_from: evidence.period.from,
      period_to: evidence.period.to,
      generated_at: evidence.generatedAt,
      statement: evidence.statement,
    };
    const of = control.figures.flatMap((id) => figures.get(id) ?? []);
    return of.length === 0
      ? [own]
      : of.flatMap((figure) => figureRows(figure, publicUrl)).map((row) => ({ ...own, ...row }));
  });
}

function figureRows({ id, label, strength, of, parts, ...whole }: ControlFigure, publicUrl: string): CsvRow[] {
  const figure = { figure: id, figure_label: label, figure_strength: strength, figure_of: of };
  return [{ label: '', ...whole }, ...parts].map(({ label: part, unit, value, href }) => ({
    ...figure,
    part,
    unit,
    value,
    rows_at: new URL(`${publicUrl}${href}`).href,
  }));
}
