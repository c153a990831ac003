'use client';
import { Popover } from '@base-ui/react/popover';
import { CalendarClock, ChevronDown } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { formatSpan } from '@/app/_components/format/span';
import { useZone } from '@/app/_components/time/zone';
import { buttonClass } from '@/app/_components/ui/button';
import { FromTo } from '@/app/_components/ui/from-to';
import { RANGES, type Span } from './span';

/** The period that is searched: a range that ends now, or from one time to another. */
export function SpanPicker({
  span,
  onChange,
}: {
  span: Span;
  onChange: (span: { period: string | null; from: string | null; to: string | null }) => void;
}) {
  const zone = useZone();
  const [open, setOpen] = useState(false);
  const label = RANGES.find(({ key }) => key === span.key)?.label ?? formatSpan(span.from, span.to, zone);

  function chooseTimes(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [from, to] = [form.get('from'), form.get('to')].map((text) => new Date(`${String(text)}Z`).toISOString());
    if (from === undefined || to === undefined || from >= to) return;
    onChange({ period: null, from, to });
    setOpen(false);
  }

  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger aria-label={`Period: ${label}`} className={buttonClass('plain')}>
        <CalendarClock size={14} aria-hidden className="text-faint" />
        <span>{label}</span>
        <ChevronDown size={12} aria-hidden className="text-faint" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="bottom" align="end" sideOffset={6} className="z-50">
          <Popover.Popup className="popup w-72 p-1">
            <Popover.Title className="sr-only">Period</Popover.Title>
            <div className="grid grid-cols-2">
              {RANGES.map((range) => (
                <button
                  key={range.key}
                  type="button"
                  aria-pressed={span.key === range.key}
                  onClick={() => {
                    onChange({ period: range.key, from: null, to: null });
                    setOpen(false);
                  }}
                  className="flex h-8 w-full items-center rounded-md px-2 hover:bg-hover aria-pressed:bg-chosen aria-pressed:font-medium"
                >
                  {range.label}
                </button>
              ))}
            </div>
            <form onSubmit={chooseTimes} className="-mx-1 mt-1 space-y-2 border-t px-3 pt-3 pb-2">
              <FromTo
                type="datetime-local"
                from={span.from.slice(0, 19)}
                to={span.to.slice(0, 19)}
                note="UTC; the end is not in it"
              />
            </form>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
