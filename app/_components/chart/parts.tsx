'use client';
import { clsx } from 'clsx';
import { ChartColumn, Table2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { namedBars } from './scale';

/** The widest a bar is drawn, px. */
const WIDEST = 44;
/** From this share of the width on, the name of a bar ends where the bar is: centred it would leave the chart. */
const EDGE = 0.96;

/** One bar: what it is made of, from zero up. */
export type Stack = { at: string; parts: readonly { key: string; tone: string; amount: number }[] };

/** Of the highest bar. */
export function highest(stacks: readonly Stack[]): number {
  return Math.max(0, ...stacks.map(({ parts }) => parts.reduce((all, { amount }) => all + amount, 0)));
}

/** Each step one bar. A step that has any is at least a pixel high. */
export function StackedBars({ stacks, yOf }: { stacks: readonly Stack[]; yOf: (amount: number) => number }) {
  const share = stacks.length > 60 ? 0.9 : 0.72;
  const width = `min(${WIDEST}px, max(2px, ${(share * 100) / stacks.length}cqw))`;
  return stacks.map(({ at, parts }, nth) => {
    let below = 0;
    return (
      <svg key={at} x={`${((nth + 0.5) / stacks.length) * 100}%`} overflow="visible">
        {parts.map(({ key, tone, amount }) => {
          if (amount === 0) return null;
          const [bottom, top] = [yOf(below), yOf(below + amount)];
          below += amount;
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

/** Lines across, that of zero stronger. */
export function GridLines({ ticks, yOf }: { ticks: readonly number[]; yOf: (amount: number) => number }) {
  return ticks.map((tick) => (
    <line
      key={tick}
      x2="100%"
      y1={yOf(tick)}
      y2={yOf(tick)}
      style={{ stroke: tick === 0 ? 'var(--color-edge)' : 'var(--color-line)' }}
    />
  ));
}

/** Amounts beside their lines. */
export function AmountAxis({
  ticks,
  yOf,
  widthPx,
  say,
}: {
  ticks: readonly number[];
  yOf: (amount: number) => number;
  widthPx: number;
  say: (amount: number) => string;
}) {
  return ticks.map((tick) => (
    <span key={tick} style={{ top: yOf(tick), width: widthPx }} className="absolute left-0 -translate-y-1/2 text-right">
      {say(tick)}
    </span>
  ));
}

/** Times below the bars, at most so many; two of three of them have the class. */
export function TimeAxis({
  times,
  most,
  say,
  otherClass,
}: {
  times: readonly string[];
  most: number;
  say: (at: string) => string;
  otherClass: string;
}) {
  return namedBars(times.length, most).map((at, nth) => {
    const share = (at + 0.5) / times.length;
    return (
      <span
        key={at}
        style={{ left: `${share * 100}%` }}
        className={clsx(
          'absolute bottom-0 whitespace-nowrap',
          share > EDGE ? '-translate-x-full' : '-translate-x-1/2',
          nth % 3 !== 0 && otherClass,
        )}
      >
        {say(times[at] ?? '')}
      </span>
    );
  });
}

/** What the step under the pointer holds, on that side of it where there is more room. `left` is where it is, 0 to 1. */
export function ChartTip({
  left,
  title,
  lines,
  children,
}: {
  left: number;
  title: string;
  lines: readonly { key: string; tone: string; word: string; value: string }[];
  children?: ReactNode;
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
      <p className="font-medium">{title}</p>
      {children}
      {lines.map(({ key, tone, word, value }) => (
        <p key={key} className="mt-0.5 flex items-center gap-1.5 tabular">
          <span className="size-2 rounded-[2px]" style={{ background: tone }} />
          <span className="flex-1">{word}</span>
          <span className="pl-4">{value}</span>
        </p>
      ))}
    </div>
  );
}

/** Shows the figures as a table, or the chart again. */
export function TableButton({
  asTable,
  label,
  onChange,
}: {
  asTable: boolean;
  label?: string | undefined;
  onChange: (asTable: boolean) => void;
}) {
  const Icon = asTable ? ChartColumn : Table2;
  return (
    <button
      type="button"
      aria-pressed={asTable}
      aria-label={label}
      onClick={() => onChange(!asTable)}
      className="no-print ml-auto inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-xs text-muted hover:bg-hover hover:text-ink"
    >
      <Icon size={14} aria-hidden />
      {asTable ? 'Chart' : 'Table'}
    </button>
  );
}
