import { Link } from '@/app/_components/ui/link';
import { formatDuration } from '@/app/_components/format/duration';
import { formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import type { FigurePart } from '@/lib/schemas/controls';

const PLURAL: Partial<Record<FigurePart['unit'], [one: string, many: string]>> = {
  entries: ['entry', 'entries'],
};

/** A value of a figure, which leads to the rows it is of. */
export function FigureValue({ unit, value, href }: Pick<FigurePart, 'unit' | 'value' | 'href'>) {
  if (value === null) return <span className="text-muted">none</span>;
  const shown = <Shown unit={unit} value={value} />;
  // an answer of the API is no page
  return href.startsWith('/api/') || href.startsWith('/tlog/') ? (
    <a className="link" href={href}>
      {shown}
    </a>
  ) : (
    <Link className="link" href={href} prefetch={false}>
      {shown}
    </Link>
  );
}

function Shown({ unit, value }: { unit: FigurePart['unit']; value: number | string }) {
  if (typeof value === 'string') return <Time at={value} />;
  if (unit === 'seconds') return value < 1 ? 'under a second' : formatDuration(value * 1000);
  const [one, many] = PLURAL[unit] ?? [unit.slice(0, -1), unit];
  return formatNoun(value, one, many);
}
