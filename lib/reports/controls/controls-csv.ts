import 'server-only';
import { Readable } from 'node:stream';
import type { ControlEvidence, ControlFigure } from '../../schemas/controls';
import { type CsvRow, csvStream } from '../csv-stream';
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

/** One row for each figure of each control, and for each of its parts; a control without a figure has one row. `publicUrl` leads to the rows. */
export function controlsCsv(
  evidence: ControlEvidence,
  { bom, publicUrl }: { bom: boolean; publicUrl: string },
): ListCsv {
  const figures = new Map(evidence.figures.map((figure) => [figure.id, figure]));
  const rows = evidence.controls.flatMap((control) => {
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
  return {
    name: `controls-${evidence.framework.id}_${evidence.period.from.slice(0, 10)}_${evidence.period.to.slice(0, 10)}`,
    rows: rows.length,
    stream: csvStream(Readable.from(rows), COLUMNS, { bom }),
  };
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
