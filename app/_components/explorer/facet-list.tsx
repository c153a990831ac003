'use client';
import { ChevronDown, Minus } from 'lucide-react';
import { useState } from 'react';
import { NotRead } from '@/app/_components/api/not-read';
import { type Loaded, useJson } from '@/app/_components/api/use-json';
import { formatCompact, formatCount, formatNoun } from '@/app/_components/format/number';
import { Skeleton } from '@/app/_components/ui/skeleton';
import { DECISION_LOOK } from '@/app/_components/verdict/decisions';
import type { ChooseValue } from '@/app/_components/record/record-facts';
import { standsIn } from '@/lib/core/search/edit';
import { Facets } from '@/lib/schemas/browser/events';
import { type Asked, eventsPath } from './asked';

type Facet = Facets['facets'][number];
const MANY = '50';
/** Where the values come from: of a chain, those that differ among its records. */
export function facetsPath(asked: Asked): string {
  const ofChain = { fields: 'decision,kind,session,agent,tool,policy,model,integrity' };
  return eventsPath('/facets', asked, asked.chain ? ofChain : {});
}

/** The values fields have among what is found. A click asks for one, with Alt it keeps it out. */
export function FacetList({
  asked,
  loaded,
  onChoose,
}: {
  asked: Asked;
  loaded: Loaded<Facets>;
  onChoose: ChooseValue;
}) {
  const [shown, setShown] = useState<Facets | null>(null);
  const [open, setOpen] = useState(false);
  if (loaded.state === 'ready' && loaded.value !== shown) setShown(loaded.value);
  return (
    <aside aria-label="Values of fields" aria-busy={loaded.state === 'loading'} className="card text-sm">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex h-9 w-full items-center justify-between px-4 text-muted lg:hidden"
      >
        Values of fields
        <ChevronDown size={14} aria-hidden className={open ? 'rotate-180' : undefined} />
      </button>
      <div className={open ? undefined : 'max-lg:hidden'}>
        {loaded.state === 'failed' && <NotRead what="Values of fields" of={loaded} className="px-4 py-3 text-xs" />}
        {!shown && loaded.state === 'loading' && (
          <div className="space-y-2 p-4">
            {Array.from({ length: 12 }, (_, index) => (
              <Skeleton key={index} className="h-5" />
            ))}
          </div>
        )}
        {shown && loaded.state !== 'failed' && shown.facets.every(({ values }) => values.length === 0) && (
          <p className="px-4 py-3 text-xs text-muted">No values: nothing is found.</p>
        )}
        {shown?.facets
          .filter(({ values }) => values.length > 0)
          .toSorted((a, b) => Number(b.field === 'decision') - Number(a.field === 'decision'))
          .map((facet) => (
            <FacetValues key={facet.field} facet={facet} asked={asked} onChoose={onChoose} />
          ))}
      </div>
    </aside>
  );
}

function FacetValues({ facet, asked, onChoose }: { facet: Facet; asked: Asked; onChoose: ChooseValue }) {
  const [all, setAll] = useState(false);
  const more = useJson(Facets, all ? eventsPath('/facets', asked, { fields: facet.field, limit: MANY }) : null);
  const { values, more: others } = (all && more.state === 'ready' && more.value.facets[0]) || facet;
  const most = values[0]?.count ?? 1;
  return (
    <section aria-label={facet.label} className="border-b px-2 py-1.5 last:border-b-0">
      <h2 className="px-2 pb-1 text-xs font-medium text-faint first-letter:uppercase">{facet.label}</h2>
      <ul>
        {values.map((one) => (
          <FacetValue
            key={one.value}
            facet={facet}
            one={one}
            share={one.count / most}
            q={asked.q}
            onChoose={onChoose}
          />
        ))}
      </ul>
      {others > 0 && (
        <button type="button" className="link px-2 py-1 text-xs" onClick={() => setAll(true)} disabled={all}>
          {all ? `${formatNoun(others, 'other')}` : `${formatCount(others)} more`}
        </button>
      )}
    </section>
  );
}

function FacetValue({
  facet,
  one: { value, name, count },
  share,
  q,
  onChoose,
}: {
  facet: Facet;
  one: Facet['values'][number];
  share: number;
  q: string;
  onChoose: ChooseValue;
}) {
  const written = name ?? value;
  const stands = standsIn(q, facet.field, written);
  const look =
    facet.field === 'decision' ? Object.entries(DECISION_LOOK).find(([decision]) => decision === value)?.[1] : null;
  return (
    <li className="group relative flex items-center rounded-md hover:bg-hover">
      <button
        type="button"
        aria-pressed={stands === 'in'}
        onClick={(event) => onChoose(facet.field, written, event.altKey ? 'out' : 'in')}
        title={`${written}: ${formatNoun(count, 'record')}. Click to see only these, with Alt to leave them out.`}
        className="relative flex h-6 min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-left aria-pressed:bg-chosen aria-pressed:font-medium"
      >
        <span
          aria-hidden
          className="absolute inset-y-1 left-0 rounded-sm bg-sunken"
          style={{ width: `${share * 100}%` }}
        />
        {look && (
          <span aria-hidden className="relative size-2 shrink-0 rounded-[2px]" style={{ background: look.tone }} />
        )}
        <span className={`relative min-w-0 flex-1 truncate ${stands === 'out' ? 'line-through' : ''}`}>
          {look?.word ?? written}
        </span>
        <span className="relative text-xs text-muted tabular">{formatCompact(count)}</span>
      </button>
      <button
        type="button"
        aria-pressed={stands === 'out'}
        aria-label={`Leave out ${written}`}
        onClick={() => onChoose(facet.field, written, 'out')}
        className="grid size-6 shrink-0 place-items-center rounded-md text-faint opacity-0 group-hover:opacity-100 hover:text-ink focus-visible:opacity-100 aria-pressed:text-ink aria-pressed:opacity-100"
      >
        <Minus size={13} aria-hidden />
      </button>
    </li>
  );
}
