import type { ReactNode } from 'react';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { ControlEvidence, ControlFigure, FigureId } from '@/lib/schemas/controls';
import { FigureValue } from './figure-value';
import { StrengthMark } from './strength-mark';

/** One control, kept together on paper: what is asked, what answers it, what does not, and who has to show that. */
export function ControlSection({
  control,
  number,
  figures,
}: {
  control: ControlEvidence['controls'][number];
  number: number;
  figures: ReadonlyMap<FigureId, ControlFigure>;
}) {
  const of = control.figures.flatMap((id) => figures.get(id) ?? []);
  const id = `control-${number}`;
  return (
    <section aria-labelledby={id} className="mb-8 break-inside-avoid border-t pt-5">
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h3 id={id} className="text-lg font-semibold [overflow-wrap:anywhere]">
          <span className="text-muted">{control.id}</span> {control.title}
        </h3>
        <p className="text-sm">
          <span className="sr-only">Strength: </span>
          <StrengthMark strength={control.strength} />
        </p>
      </div>
      <dl className="space-y-3">
        <Said term="What it asks">{control.asks}</Said>
        <Said term="What answers it">{control.answers}</Said>
        {of.length > 0 && (
          <div>
            <dt className="sr-only">Figures</dt>
            <dd className="card text-sm">
              <Figures figures={of} label={`Figures for ${control.id}`} />
            </dd>
          </div>
        )}
        <Said term="What is not covered">{control.notCovered}</Said>
        <Said term="Who has to show that">{control.shownBy}</Said>
      </dl>
    </section>
  );
}

function Figures({ figures, label }: { figures: readonly ControlFigure[]; label: string }) {
  return (
    <Table label={label}>
      <Head>
        <HeadCell>Figure</HeadCell>
        <HeadCell>Value</HeadCell>
        <HeadCell>Strength</HeadCell>
      </Head>
      <Body>
        {figures.map(({ id, label: name, unit, value, total, href, strength }) => (
          <Row key={id}>
            <RowHead>
              <a className="link" href={`#figure-${id}`}>
                {name}
              </a>
            </RowHead>
            <Cell label="Value" className="tabular">
              <FigureValue unit={unit} value={value} total={total} href={href} />
            </Cell>
            <Cell label="Strength">
              <StrengthMark strength={strength} />
            </Cell>
          </Row>
        ))}
      </Body>
    </Table>
  );
}

function Said({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="sm:flex sm:gap-4">
      <dt className="w-44 shrink-0 text-sm text-muted sm:pt-px">{term}</dt>
      <dd className="max-w-[72ch]">{children}</dd>
    </div>
  );
}
