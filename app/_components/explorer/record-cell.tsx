import { shortenHash } from '@/app/_components/format/hash';
import { formatCount, formatUsd } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { DecisionMark } from '@/app/_components/verdict/decision-mark';
import { integrityWord } from '@/app/_components/verdict/integrity-mark';
import type { TableColumnName } from '@/lib/core/event/table-columns';
import type { EventItem } from './asked';
import { fieldOf } from './columns';

/** What a record says of a column; null where it says nothing. */
export function saidOf(event: EventItem, name: TableColumnName): string | null {
  const value = event[fieldOf(name).key];
  switch (name) {
    case 'chain_id':
      return event.chainName;
    case 'tool':
      return event.tool || event.kind || null;
    case 'target':
      return event.target || event.reason || event.kind || null;
    case 'integrity':
      return integrityWord(event.integrity);
    case 'ordinal':
    case 'line':
    case 'byte_offset':
    case 'byte_length':
      return formatCount(Number(value));
    case 'cost_usd':
      return event.costUsd === 0 ? null : formatUsd(event.costUsd);
    default:
      if (typeof value === 'number') return value === 0 ? null : formatCount(value);
      return value || null;
  }
}

/** Whether it stands to the right, as numbers do. */
export function isNumeric(name: TableColumnName): boolean {
  const { type } = fieldOf(name);
  return type === 'position' || type === 'count32' || type === 'count53' || type === 'amount';
}

export function RecordCell({ event, name }: { event: EventItem; name: TableColumnName }) {
  if (name === 'recorded_at')
    return event.recordedAt ? (
      <Time at={event.recordedAt} as="second" />
    ) : (
      <span className="text-faint">no time stated</span>
    );
  if (name === 'decision') return <DecisionMark decision={event.decision} />;
  if (name === 'hash') return event.hash ? shortenHash(event.hash, 6, 4) : 'none';
  return saidOf(event, name);
}
