import { useState } from 'react';
import { DAY_SECONDS } from '@/app/_components/chart/activity-bars';
import { TableButton } from '@/app/_components/chart/parts';
import { formatInstant } from '@/app/_components/format/instant';
import { useZone } from '@/app/_components/time/zone';
import type { Session } from '@/lib/schemas/sessions';
import { AmountBars } from './amount-bars';

export type Step = Session['overTime'][number];
export type Part = { key: 'inputTokens' | 'outputTokens' | 'costUsd'; word: string; tone: string; total: number };
type Props = {
  steps: readonly Step[];
  stepSeconds: number;
  what: string;
  parts: readonly Part[];
  say: (amount: number) => string;
  sayBriefly: (amount: number) => string;
};

const HEIGHT = 112;

/** An amount over time: bars from zero, totals named directly, the same figures as a table. */
export function AmountChart({ steps, stepSeconds, what, parts, say, sayBriefly }: Props) {
  const pageZone = useZone();
  const zone = stepSeconds >= DAY_SECONDS ? 'UTC' : pageZone;
  const [asTable, setAsTable] = useState(false);
  return (
    <figure className="min-w-0">
      <figcaption className="mb-2 flex flex-wrap items-center gap-x-4 text-xs">
        <span className="font-medium">{what}</span>
        {parts.map(({ key, word, tone, total }) => (
          <span key={key} className="inline-flex items-center gap-1.5">
            <span aria-hidden className="size-2.5 rounded-[2px]" style={{ background: tone }} />
            {word} <span className="font-medium tabular">{say(total)}</span>
          </span>
        ))}
        <TableButton asTable={asTable} onChange={setAsTable} label={`${what} as a ${asTable ? 'chart' : 'table'}`} />
      </figcaption>
      {asTable ? (
        <Figures steps={steps} what={what} parts={parts} say={say} zone={zone} />
      ) : (
        <AmountBars
          steps={steps}
          stepSeconds={stepSeconds}
          parts={parts}
          zone={zone}
          wholeDays={stepSeconds >= DAY_SECONDS}
          height={HEIGHT}
          label={`${what} over time: ${parts.map(({ word, total }) => `${word} ${say(total)}`).join(', ')}. The table button shows the figures.`}
          say={say}
          sayBriefly={sayBriefly}
        />
      )}
    </figure>
  );
}

/** The figures behind the chart; stretches without any are left out. */
function Figures({
  steps,
  what,
  parts,
  say,
  zone,
}: Pick<Props, 'steps' | 'what' | 'parts' | 'say'> & { zone: string }) {
  const rows = steps.filter((step) => parts.some(({ key }) => step[key] > 0));
  return (
    <div
      className="overflow-auto rounded-md border"
      style={{ height: HEIGHT }}
      tabIndex={0}
      role="region"
      aria-label={`${what}, as a table`}
    >
      <table className="w-full text-left text-xs">
        <thead className="sticky top-0 bg-surface">
          <tr>
            <th scope="col" className="h-8 px-3 font-medium text-faint">
              From
            </th>
            {parts.map(({ key, word }) => (
              <th key={key} scope="col" className="px-3 text-right font-medium text-faint">
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((step) => (
            <tr key={step.at} className="border-t">
              <th scope="row" className="h-7 px-3 font-normal whitespace-nowrap">
                {formatInstant(step.at, zone)}
              </th>
              {parts.map(({ key }) => (
                <td key={key} className="px-3 text-right">
                  {say(step[key])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
