import { Minus, Plus } from 'lucide-react';
import { formatCount, formatUsd } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { DecisionMark } from '@/app/_components/verdict/decision-mark';
import { EVENT_FIELDS } from '@/lib/core/event/fields';
import { searchField } from '@/lib/core/search/fields';
import type { RecordDetail } from '@/lib/schemas/chains';
import { CopyButton } from '../ui/hash';

/** Asks a search for a value, or keeps it out. */
export type ChooseValue = (field: string, value: string, as: 'in' | 'out') => void;
type Fact = { name: string; label: string; shown: string; value: string | null };

/** What the record says, in Sealtrail's words; what it does not say is left out. With `onChoose` each value can be searched for. */
export function RecordFacts({ record, onChoose }: { record: RecordDetail; onChoose?: ChooseValue }) {
  return (
    <section aria-label="What it says">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
        <dt className="text-xs leading-5 text-faint">Time</dt>
        <dd>{record.recordedAt ? <Time at={record.recordedAt} as="second" /> : 'not stated'}</dd>
        <dt className="text-xs leading-5 text-faint">Decision</dt>
        <dd className="group flex gap-2">
          <DecisionMark decision={record.decision} />
          {onChoose && <Choices field="decision" label="Decision" value={record.decision} onChoose={onChoose} />}
        </dd>
        {factsOf(record).map(({ name, label, shown, value }) => (
          <div key={name} className="contents">
            <dt className="text-xs leading-5 text-faint">{label}</dt>
            <dd className="group flex items-start gap-2">
              <span className="min-w-0 [overflow-wrap:anywhere]">{shown}</span>
              {onChoose && value !== null && <Choices field={name} label={label} value={value} onChoose={onChoose} />}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** `value` is null of what is no text: it is searched for by how much it is. */
function factsOf(record: RecordDetail): Fact[] {
  return EVENT_FIELDS.flatMap(({ name, key, label, type }): Fact[] => {
    const value = record[key];
    if (type === 'time' || type === 'decision' || value === '' || value === 0 || value === null) return [];
    const called = searchField(name)?.names[0] ?? name;
    if (typeof value === 'string') return [{ name: called, label, shown: value, value }];
    return [{ name: called, label, shown: type === 'amount' ? formatUsd(value) : formatCount(value), value: null }];
  });
}

function Choices({
  field,
  label,
  value,
  onChoose,
}: {
  field: string;
  label: string;
  value: string;
  onChoose: ChooseValue;
}) {
  const look =
    'grid size-6 place-items-center rounded-md text-faint opacity-0 group-hover:opacity-100 hover:bg-hover hover:text-ink focus-visible:opacity-100';
  return (
    <span className="-my-0.5 flex shrink-0">
      <button
        type="button"
        className={look}
        title="Only these"
        aria-label={`Search for this ${label}`}
        onClick={() => onChoose(field, value, 'in')}
      >
        <Plus size={13} aria-hidden />
      </button>
      <button
        type="button"
        className={look}
        title="Leave these out"
        aria-label={`Leave out this ${label}`}
        onClick={() => onChoose(field, value, 'out')}
      >
        <Minus size={13} aria-hidden />
      </button>
      <span className="opacity-0 group-hover:opacity-100 focus-within:opacity-100">
        <CopyButton value={value} label={`Copy ${label}`} />
      </span>
    </span>
  );
}
