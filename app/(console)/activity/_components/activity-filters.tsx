import { X } from 'lucide-react';
import { ButtonLink, buttonClass } from '@/app/_components/ui/button';
import { Labelled, inputClass } from '@/app/_components/ui/field';

export const FILTERS = ['actor', 'action', 'subject', 'from', 'to'] as const;
export type Filters = Partial<Record<(typeof FILTERS)[number], string>>;

/** Who, what, to what, and when; kept in the address. */
export function ActivityFilters({ filters }: { filters: Filters }) {
  const isAny = FILTERS.some((name) => filters[name]);
  return (
    <form role="search" action="/activity" className="no-print mb-3 flex flex-wrap items-end gap-2">
      <Labelled label="Who">
        <input name="actor" defaultValue={filters.actor} placeholder="ada@example.org" className={inputClass} />
      </Labelled>
      <Labelled label="Action">
        <input name="action" defaultValue={filters.action} placeholder="chain." className={inputClass} />
      </Labelled>
      <Labelled label="Subject">
        <input name="subject" defaultValue={filters.subject} placeholder="finding, or an id" className={inputClass} />
      </Labelled>
      <Labelled label="From (UTC)">
        <input type="date" name="from" defaultValue={filters.from} className={inputClass} />
      </Labelled>
      <Labelled label="To, not included (UTC)">
        <input type="date" name="to" defaultValue={filters.to} className={inputClass} />
      </Labelled>
      <button type="submit" className={buttonClass('plain')}>
        Show
      </button>
      {isAny && (
        <ButtonLink look="ghost" href="/activity">
          <X size={14} aria-hidden />
          Clear
        </ButtonLink>
      )}
    </form>
  );
}
