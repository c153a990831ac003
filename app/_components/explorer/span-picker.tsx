'use client';
import { CalendarClock, ChevronDown } from 'lucide-react';
import { lazy, useState } from 'react';
import { formatSpan } from '@/app/_components/format/span';
import { useZone } from '@/app/_components/time/zone';
import { buttonClass } from '@/app/_components/ui/button';
import { Popover } from '@/app/_components/ui/popover';
import type { Period } from '@/lib/schemas/common';
import { RANGES, type Span } from './span';

const Times = lazy(() => import('./span-times').then((loaded) => ({ default: loaded.Times })));

type SpanParams = { period: string | null; from: string | null; to: string | null };
type Props = {
  /** Null for all there is, which `whole` names. */
  span: Span | null;
  whole?: string;
  /** The times offered first where there is no span. */
  offered: Period;
  onChange: (span: SpanParams) => void;
};

/** The period that is searched: a range that ends now, from one time to another in the reader's zone, or all there is. */
export function SpanPicker({ span, whole, offered, onChange }: Props) {
  const zone = useZone();
  const [open, setOpen] = useState(false);
  const label = span
    ? (RANGES.find(({ key }) => key === span.key)?.label ?? formatSpan(span.from, span.to, zone))
    : (whole ?? '');
  const choose = (params: SpanParams) => {
    onChange(params);
    setOpen(false);
  };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      title="Period"
      align="end"
      className="w-80 p-1"
      trigger={
        <button type="button" aria-label={`Period: ${label}`} className={buttonClass('plain')}>
          <CalendarClock size={14} aria-hidden className="text-faint" />
          <span>{label}</span>
          <ChevronDown size={12} aria-hidden className="text-faint" />
        </button>
      }
    >
      <div className="grid grid-cols-2">
        {whole !== undefined && (
          <RangeButton
            label={whole}
            isChosen={span === null}
            onChoose={() => choose({ period: null, from: null, to: null })}
          />
        )}
        {RANGES.map((range) => (
          <RangeButton
            key={range.key}
            label={range.label}
            isChosen={span?.key === range.key}
            onChoose={() => choose({ period: range.key, from: null, to: null })}
          />
        ))}
      </div>
      <Times period={span ?? offered} zone={zone} onChoose={(times) => choose({ period: null, ...times })} />
    </Popover>
  );
}

function RangeButton({ label, isChosen, onChoose }: { label: string; isChosen: boolean; onChoose: () => void }) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onChoose}
      className="flex h-8 w-full items-center rounded-md px-2 hover:bg-hover aria-pressed:bg-chosen aria-pressed:font-medium"
    >
      {label}
    </button>
  );
}
