import { clsx } from 'clsx';
import { amountTicks, namedBars } from '@/app/_components/chart/scale';
import { useMarking } from '@/app/_components/chart/use-marking';
import { formatInstant } from '@/app/_components/format/instant';
import type { Part, Step } from './amount-chart';

/** Room for the words of the axes, px. */
const LEFT = 48;
const TOP = 6;
const FOOT = 20;
const NAMES = 4;
const WIDEST = 44;

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
  const ticks = amountTicks(Math.max(0, ...steps.map((step) => parts.reduce((all, { key }) => all + step[key], 0))));
  const top = ticks.at(-1) ?? 1;
  const yOf = (amount: number) => TOP + (height - TOP - FOOT) * (1 - amount / top);
  const sayTime = (at: string) => formatInstant(at, zone, wholeDays ? 'date' : 'short');
  const shown = pointed === null ? undefined : steps[pointed];
  return (
    <div role="img" aria-label={label} style={{ height }} className="relative text-2xs text-faint tabular">
      {ticks.map((tick) => (
        <span
          key={tick}
          style={{ top: yOf(tick), width: LEFT - 8 }}
          className="absolute left-0 -translate-y-1/2 text-right"
        >
          {sayBriefly(tick)}
        </span>
      ))}
      <div className="@container absolute inset-y-0 right-1" style={{ left: LEFT }} {...pointer}>
        <svg aria-hidden width="100%" height={height} className="block overflow-visible">
          {ticks.map((tick) => (
            <line
              key={tick}
              x2="100%"
              y1={yOf(tick)}
              y2={yOf(tick)}
              style={{ stroke: tick === 0 ? 'var(--color-edge)' : 'var(--color-line)' }}
            />
          ))}
          <Bars steps={steps} parts={parts} yOf={yOf} />
        </svg>
        {namedBars(steps.length, NAMES).map((at, nth) => (
          <span
            key={at}
            style={{ left: `${((at + 0.5) / steps.length) * 100}%` }}
            className={clsx('absolute bottom-0 -translate-x-1/2 whitespace-nowrap', nth % 2 === 1 && 'max-xl:hidden')}
          >
            {sayTime(steps[at]?.at ?? '')}
          </span>
        ))}
        {shown && (
          <Says
            step={shown}
            parts={parts}
            time={sayTime(shown.at)}
            say={say}
            left={((pointed ?? 0) + 0.5) / steps.length}
          />
        )}
      </div>
    </div>
  );
}

/** Each step one bar, its parts from zero up. A step that has any is at least a pixel high. */
function Bars({
  steps,
  parts,
  yOf,
}: {
  steps: readonly Step[];
  parts: readonly Part[];
  yOf: (amount: number) => number;
}) {
  const share = steps.length > 60 ? 0.9 : 0.72;
  const width = `min(${WIDEST}px, max(2px, ${(share * 100) / steps.length}cqw))`;
  return steps.map((step, nth) => {
    let below = 0;
    return (
      <svg key={step.at} x={`${((nth + 0.5) / steps.length) * 100}%`} overflow="visible">
        {parts.map(({ key, tone }) => {
          if (step[key] === 0) return null;
          const [bottom, top] = [yOf(below), yOf(below + step[key])];
          below += step[key];
          return (
            <rect
              key={key}
              y={Math.min(top, bottom - 1)}
              height={Math.max(1, bottom - top)}
              style={{ fill: tone, width, x: `calc(${width} / -2)` }}
            />
          );
        })}
      </svg>
    );
  });
}

function Says({
  step,
  parts,
  time,
  say,
  left,
}: {
  step: Step;
  parts: readonly Part[];
  time: string;
  say: (amount: number) => string;
  left: number;
}) {
  return (
    <div
      aria-hidden
      style={{ left: `${left * 100}%` }}
      className={clsx(
        'popup pointer-events-none absolute top-2 z-10 px-3 py-2 text-xs whitespace-nowrap text-ink',
        left > 0.5 ? '-translate-x-[calc(100%+0.75rem)]' : 'translate-x-3',
      )}
    >
      <p className="font-medium">{time}</p>
      {parts.map(({ key, word, tone }) => (
        <p key={key} className="mt-0.5 flex items-center gap-1.5">
          <span className="size-2 rounded-[2px]" style={{ background: tone }} />
          <span className="flex-1">{word}</span>
          <span className="pl-4">{say(step[key])}</span>
        </p>
      ))}
    </div>
  );
}
