'use client';
import { clsx } from 'clsx';
import { CalendarDays, ChevronDown } from 'lucide-react';
import { parseAsString, useQueryStates } from 'nuqs';
import { type FormEvent, useState, useTransition } from 'react';
import { formatDays } from '../format/span';
import { PERIODS, PERIOD_LABEL, resolvePeriod, utcDay } from '../format/period';
import { useNow } from '../time/zone';
import { buttonClass } from '../ui/button';
import { Popover } from '../ui/popover';
import { FromTo } from '../ui/from-to';

const PARAMS = { period: parseAsString, from: parseAsString, to: parseAsString };

/** The period a page shows, kept in its address. */
export function PeriodPicker() {
  const [moving, startTransition] = useTransition();
  const [params, setParams] = useQueryStates(PARAMS, { shallow: false, history: 'push', startTransition });
  const [open, setOpen] = useState(false);
  const now = useNow();
  const chosen = resolvePeriod(
    { period: params.period ?? undefined, from: params.from ?? undefined, to: params.to ?? undefined },
    now,
  );
  const label = chosen.key === 'custom' ? formatDays(chosen.from, chosen.to) : PERIOD_LABEL[chosen.key];

  function chooseDays(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void setParams({ period: null, from: String(form.get('from')), to: String(form.get('to')) });
    setOpen(false);
  }

  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      align="end"
      className="w-64 p-1"
      title="Period"
      trigger={
        <button
          type="button"
          aria-label={`Period: ${label}`}
          className={clsx(buttonClass('plain'), moving && 'opacity-60')}
        >
          <CalendarDays size={14} aria-hidden className="text-faint" />
          <span className="max-sm:hidden">{label}</span>
          <ChevronDown size={12} aria-hidden className="text-faint" />
        </button>
      }
    >
      {PERIODS.map((key) => (
        <button
          key={key}
          type="button"
          aria-pressed={chosen.key === key}
          onClick={() => {
            void setParams({ period: key, from: null, to: null });
            setOpen(false);
          }}
          className="flex h-8 w-full items-center rounded-md px-2 hover:bg-hover aria-pressed:bg-chosen aria-pressed:font-medium"
        >
          {PERIOD_LABEL[key]}
        </button>
      ))}
      <form onSubmit={chooseDays} className="-mx-1 mt-1 space-y-2 border-t px-3 pt-3 pb-2">
        <FromTo
          type="date"
          from={utcDay(chosen.from)}
          to={utcDay(new Date(Date.parse(chosen.to) - 1).toISOString())}
          note="Whole days, UTC"
        />
      </form>
    </Popover>
  );
}
