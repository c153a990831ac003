import { clsx } from 'clsx';
import type { DiffLine } from '@/lib/core/text/line-diff';

/** The lines of two texts, those that are gone and those that are new marked as such. */
export function TextDiff({ lines }: { lines: readonly DiffLine[] }) {
  return (
    <div
      tabIndex={0}
      role="group"
      aria-label="Lines"
      className="max-h-[32rem] overflow-auto pb-3 font-mono text-xs leading-5"
    >
      {lines.map((line) => (
        <Line key={`${line.before} ${line.after}`} line={line} />
      ))}
    </div>
  );
}

const LOOK = {
  same: { mark: ' ', says: '', look: '' },
  gone: { mark: '-', says: 'gone: ', look: 'bg-v-tampered/10' },
  new: { mark: '+', says: 'new: ', look: 'bg-v-verified/12' },
} as const;

function Line({ line: { kind, text, before, after } }: { line: DiffLine }) {
  const { mark, says, look } = LOOK[kind];
  return (
    <div className={clsx('flex w-max min-w-full whitespace-pre', look)}>
      <span aria-hidden className="w-10 shrink-0 pr-1 text-right text-faint">
        {before}
      </span>
      <span aria-hidden className="w-10 shrink-0 pr-1 text-right text-faint">
        {after}
      </span>
      <span aria-hidden className="w-6 shrink-0 text-center">
        {mark}
      </span>
      <span className="sr-only">{says}</span>
      <span className="pr-4">{text}</span>
    </div>
  );
}
