import { AmountAxis, ChartTip, GridLines, StackedBars, TimeAxis, highest } from '@/app/_components/chart/parts';
import { amountTicks } from '@/app/_components/chart/scale';
import { useMarking } from '@/app/_components/chart/use-marking';
import { formatInstant } from '@/app/_components/format/instant';
import type { Part, Step } from './amount-chart';

/** Room for the words of the axes, px. */
const LEFT = 48;
const TOP = 6;
const FOOT = 20;
const NAMES = 4;

/** The chart itself, drawn in percent. To a screen reader it is one sentence with the totals. */
export function AmountBars({
  steps,
  stepSeconds,
  parts,
  zone,
  wholeDays,
  height,
  label,
  say,
  sayBriefly,
}: {
  steps: readonly Step[];
  stepSeconds: number;
  parts: readonly Part[];
  zone: string;
  wholeDays: boolean;
  height: number;
  label: string;
  say: (amount: number) => string;
  sayBriefly: (amount: number) => string;
}) {
  const { pointed, marked: _, ...pointer } = useMarking(steps, stepSeconds, undefined);
  const stacks = steps.map((step) => ({
    at: step.at,
    parts: parts.map(({ key, tone }) => ({ key, tone, amount: step[key] })),
  }));
  const ticks = amountTicks(highest(stacks));
  const top = ticks.at(-1) ?? 1;
  const yOf = (amount: number) => TOP + (height - TOP - FOOT) * (1 - amount / top);
  const sayTime = (at: string) => formatInstant(at, zone, wholeDays ? 'date' : 'short');
  const shown = pointed === null ? undefined : steps[pointed];
  return (
    <div role="img" aria-label={label} style={{ height }} className="relative text-2xs text-faint tabular">
      <AmountAxis ticks={ticks} yOf={yOf} widthPx={LEFT - 8} say={sayBriefly} />
      <div className="@container absolute inset-y-0 right-1" style={{ left: LEFT }} {...pointer}>
        <svg aria-hidden width="100%" height={height} className="block overflow-visible">
          <GridLines ticks={ticks} yOf={yOf} />
          <StackedBars stacks={stacks} yOf={yOf} />
        </svg>
        <TimeAxis times={steps.map(({ at }) => at)} most={NAMES} say={sayTime} otherClass="max-xl:hidden" />
        {shown && (
          <ChartTip
            left={((pointed ?? 0) + 0.5) / steps.length}
            title={sayTime(shown.at)}
            lines={parts.map((part) => ({ ...part, value: say(shown[part.key]) }))}
          />
        )}
      </div>
    </div>
  );
}
