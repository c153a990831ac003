import { Minus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatCount, formatUsd } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { DecisionMark } from '@/app/_components/verdict/decision-mark';
import { EVENT_FIELDS } from '@/lib/core/event/fields';
import { searchField } from '@/lib/core/search/fields';
import type { RecordDetail } from '@/lib/schemas/chains';
import { CopyButton } from '../ui/hash';

/** Asks a search for a value, or keeps it out. */
export type ChooseValue = (field: string, value: string, as: 'in' | 'out') => void;
/** `value` is as a search writes it; null of what no search is narrowed by. */
type Fact = { name: string; label: string; shown: ReactNode; value: string | null; copied: string };

/** What the record says, in Sealtrail's words; what it does not say is left out. Each value can be copied, and with `onChoose` searched for. */
export function RecordFacts({ record, onChoose }: { record: RecordDetail; onChoose?: ChooseValue }) {
  return (
    <section aria-label="What it says">
      <h3 className="mb-1 font-medium">What it says</h3>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
        {record.recordedAt === null && (
          <>
            <dt className="text-xs leading-5 text-faint">Time</dt>
            <dd className="text-muted">none stated that can be read</dd>
          </>
        )}
        {factsOf(record).map(({ name, label, shown, value, copied }) => (
          <div key={name} className="group contents">
            <dt className="text-xs leading-5 text-faint">{label}</dt>
            <dd className="flex items-start gap-2">
              <span className="min-w-0 [overflow-wrap:anywhere]">{shown}</span>
              <Choices field={name} label={label} value={value} copied={copied} {...(onChoose && { onChoose })} />
            </dd>
          </div>
        ))}
      </dl>
      <Rest text={record.extra} />
    </section>
  );
}

function factsOf(record: RecordDetail): Fact[] {
  return EVENT_FIELDS.flatMap(({ name, key, label, type }): Fact[] => {
    const value = record[key];
    if (name === 'extra' || value === '' || value === 0 || value === null) return [];
    const text = String(value);
    const fact = { name: searchField(name)?.names[0] ?? name, label, copied: text };
    if (type === 'time') return [{ ...fact, shown: <Time at={text} as="second" />, value: text }];
    if (type === 'decision') return [{ ...fact, shown: <DecisionMark decision={record.decision} />, value: text }];
    if (typeof value === 'string') return [{ ...fact, shown: value, value }];
    // a search writes numbers without an exponent
    const searched = /e/i.test(text) ? null : text;
    return [{ ...fact, shown: type === 'amount' ? formatUsd(value) : formatCount(value), value: searched }];
  });
}

/** Members that no field is for. */
function Rest({ text }: { text: string }) {
  const members = membersOf(text);
  if (members.length === 0) return null;
  return (
    <details className="mt-2">
      <summary className="cursor-pointer text-xs text-muted">Other members, {formatCount(members.length)}</summary>
      <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
        {members.map(([name, value]) => (
          <div key={name} className="group contents">
            <dt className="font-mono text-xs leading-5 text-faint">{name}</dt>
            <dd className="flex items-start gap-2">
              <span className="min-w-0 [overflow-wrap:anywhere]">{value}</span>
              <Choices field={name} label={name} value={null} copied={value} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** A JSON object of texts, as `extra` is; none of anything else. */
function membersOf(text: string): [string, string][] {
  if (text === '') return [];
  try {
    return Object.entries(JSON.parse(text) as Record<string, unknown>).map(([name, value]) => [name, String(value)]); // an object, by the field
  } catch {
    return [['extra', text]];
  }
}

const SHOWN_ON_HOVER =
  'opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100';
const ICON_BUTTON = `grid size-6 place-items-center rounded-md text-faint hover:bg-hover hover:text-ink ${SHOWN_ON_HOVER}`;

function Choices({
  field,
  label,
  value,
  copied,
  onChoose,
}: {
  field: string;
  label: string;
  value: string | null;
  copied: string;
  onChoose?: ChooseValue;
}) {
  return (
    <span className="-my-0.5 flex shrink-0">
      {onChoose && value !== null && (
        <>
          <button
            type="button"
            className={ICON_BUTTON}
            title="Only these"
            aria-label={`Search for this ${label}`}
            onClick={() => onChoose(field, value, 'in')}
          >
            <Plus size={13} aria-hidden />
          </button>
          <button
            type="button"
            className={ICON_BUTTON}
            title="Leave these out"
            aria-label={`Leave out this ${label}`}
            onClick={() => onChoose(field, value, 'out')}
          >
            <Minus size={13} aria-hidden />
          </button>
        </>
      )}
      <span className={SHOWN_ON_HOVER}>
        <CopyButton value={copied} label={`Copy ${label}`} bare />
      </span>
    </span>
  );
}
