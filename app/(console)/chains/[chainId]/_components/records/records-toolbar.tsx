'use client';
import { Select } from '@base-ui/react/select';
import { Toggle } from '@base-ui/react/toggle';
import { Check, ChevronDown, Search, ShieldAlert } from 'lucide-react';
import Link from 'next/link';
import { debounce } from 'nuqs';
import type { FormEvent } from 'react';
import { eventsHref } from '@/app/_components/format/events-href';
import { Button, buttonClass } from '@/app/_components/ui/button';
import { inputClass } from '@/app/_components/ui/field';
import { DECISION_LOOK, DECISION_ORDER } from '@/app/_components/verdict/decisions';
import type { Decision } from '@/lib/core/event/fields';
import type { ChainDetail } from '@/lib/schemas/chains';
import { ExportRecords } from './export-records';
import type { RecordFilter } from './filter';

type Params = { q: string | null; decision: Decision | null; broken: boolean | null; at: number | null };
type Props = {
  chain: Pick<ChainDetail, 'id' | 'name' | 'records' | 'firstRecordedAt' | 'lastRecordedAt'>;
  filter: RecordFilter;
  set: (params: Partial<Params>, options?: { limitUrlUpdates?: ReturnType<typeof debounce> }) => void;
};

/** Finds, narrows, jumps. */
export function RecordsToolbar({ chain, filter, set }: Props) {
  function jump(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const wanted = Number(String(new FormData(event.currentTarget).get('ordinal')).replaceAll(/[\s,.]/g, ''));
    if (Number.isInteger(wanted))
      set({ at: Math.min(Math.max(0, wanted), Math.max(0, chain.records - 1)), q: null, decision: null, broken: null });
  }
  return (
    <div className="no-print flex flex-wrap items-center gap-2 border-b p-2">
      <label className="relative min-w-0 flex-1 basis-48">
        <span className="sr-only">Find in tool, target, agent, session, reason or hash</span>
        <Search size={14} aria-hidden className="pointer-events-none absolute top-2 left-2.5 text-faint" />
        <input
          type="search"
          value={filter.q}
          placeholder="Find in tool, target, agent, session, reason, hash"
          onChange={(event) => set({ q: event.target.value || null }, { limitUrlUpdates: debounce(300) })}
          className={`${inputClass} pl-8`}
        />
      </label>
      <DecisionSelect decision={filter.decision} set={(decision) => set({ decision })} />
      <Toggle
        pressed={filter.broken}
        onPressedChange={(broken) => set({ broken: broken || null })}
        className={`${buttonClass('plain')} data-pressed:border-ink data-pressed:bg-chosen`}
      >
        <ShieldAlert size={14} aria-hidden />
        With problems
      </Toggle>
      <form onSubmit={jump} className="flex items-center gap-1">
        <label className="sr-only" htmlFor="jump">
          Go to record
        </label>
        <input
          id="jump"
          name="ordinal"
          inputMode="numeric"
          placeholder="Record no."
          className={`${inputClass} max-w-28`}
        />
        <Button type="submit">Go</Button>
      </form>
      {chain.firstRecordedAt && chain.lastRecordedAt && (
        <Link
          className={buttonClass('ghost')}
          href={eventsHref({ from: chain.firstRecordedAt, to: behind(chain.lastRecordedAt) }, { chain: chain.name })}
        >
          Search by field
        </Link>
      )}
      <ExportRecords chain={chain} filter={filter} />
    </div>
  );
}

function DecisionSelect({ decision, set }: { decision: Decision | null; set: (decision: Decision | null) => void }) {
  return (
    <Select.Root<Decision | 'any'>
      value={decision ?? 'any'}
      onValueChange={(value) => set(value === 'any' ? null : value)}
    >
      <Select.Trigger aria-label="Decision" className={buttonClass('plain')}>
        <span className="text-muted">Decision</span>
        <Select.Value>
          {(value: Decision | 'any') => (value === 'any' ? 'any' : DECISION_LOOK[value].word)}
        </Select.Value>
        <ChevronDown size={12} aria-hidden className="text-faint" />
      </Select.Trigger>
      <Select.Portal>
        <Select.Positioner sideOffset={6} alignItemWithTrigger={false} className="z-50">
          <Select.Popup className="popup min-w-40 p-1">
            {(['any', ...DECISION_ORDER] as const).map((one) => (
              <Select.Item
                key={one}
                value={one}
                className="flex h-8 items-center gap-2 rounded-md px-2 outline-none select-none data-highlighted:bg-hover"
              >
                <span className="grid w-4 place-items-center">
                  <Select.ItemIndicator>
                    <Check size={14} aria-hidden />
                  </Select.ItemIndicator>
                </span>
                <Select.ItemText>{one === 'any' ? 'Any' : DECISION_LOOK[one].word}</Select.ItemText>
              </Select.Item>
            ))}
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  );
}

/** The end of a half-open period with this time in it. */
function behind(at: string): string {
  return new Date(Math.floor(Date.parse(at)) + 1).toISOString();
}
