import { DECISION_LOOK } from '@/app/_components/verdict/decisions';
import { VERDICT_LOOK } from '@/app/_components/verdict/verdicts';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { ControlFigure } from '@/lib/schemas/controls';
import { FigureValue } from './figure-value';
import { StrengthMark } from './strength-mark';

/** Words of ids that parts are called by. */
const WORDS: Readonly<Record<string, { word: string }>> = { ...DECISION_LOOK, ...VERDICT_LOOK };

/** Every figure that is named above, with what it counts and its parts. */
export function FiguresList({ figures }: { figures: readonly ControlFigure[] }) {
  return figures.map(({ id, label, counts, of, strength, unit, value, total, href, parts }) => (
    <section key={id} aria-labelledby={`figure-${id}`} className="mb-6 break-inside-avoid">
      <div className="mb-1 flex flex-wrap items-baseline justify-between gap-x-6">
        <h3 id={`figure-${id}`} className="scroll-mt-16 font-semibold">
          {label}
        </h3>
        <p className="text-sm">
          <StrengthMark strength={strength} />
        </p>
      </div>
      <p className="mb-2 max-w-[72ch] text-sm text-muted">
        {counts} {of === 'period' ? 'Of the period.' : 'As it stands now.'}
      </p>
      <div className="card text-sm">
        <Table label={label}>
          <Head>
            <HeadCell>Part</HeadCell>
            <HeadCell>Value</HeadCell>
          </Head>
          <Body>
            {[{ label, unit, value, href }, ...parts].map((part, at) => (
              <Row key={part.label} className={at === 0 ? 'font-medium' : undefined}>
                <RowHead className={at === 0 ? 'font-medium' : undefined}>
                  {at === 0 ? part.label : wordOf(part.label)}
                </RowHead>
                <Cell label="Value" className="sm:w-1/2 tabular">
                  <FigureValue unit={part.unit} value={part.value} total={at === 0 ? total : null} href={part.href} />
                </Cell>
              </Row>
            ))}
          </Body>
        </Table>
      </div>
    </section>
  ));
}

function wordOf(label: string): string {
  return WORDS[label]?.word ?? `${label.charAt(0).toUpperCase()}${label.slice(1)}`;
}
