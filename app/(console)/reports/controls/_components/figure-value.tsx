import { Published } from '@/app/_components/access/published';
import { Link } from '@/app/_components/ui/link';
import { formatDuration } from '@/app/_components/format/duration';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import type { ControlFigure, FigurePart } from '@/lib/schemas/controls';

const PLURAL: Partial<Record<FigurePart['unit'], [one: string, many: string]>> = {
  entries: ['entry', 'entries'],
};

/** A value of a figure, which leads to the rows it is of. */
export function FigureValue({
  unit,
  value,
  total = null,
  href,
}: Pick<FigurePart, 'unit' | 'value' | 'href'> & Partial<Pick<ControlFigure, 'total'>>) {
  if (value === null) return <span className="text-muted">none</span>;
  const shown = <Shown unit={unit} value={value} total={total} />;
  // an answer of the API is no page
  return href.startsWith('/api/') || href.startsWith('/tlog/') ? (
    <Published className="link" path={href}>
      {shown}
    </Published>
  ) : (
    <Link className="link" href={href} prefetch={false}>
      {shown}
    </Link>
  );
}

function Shown({ unit, value, total }: { unit: FigurePart['unit']; value: number | string; total: number | null }) {
  if (typeof value === 'string') return <Time at={value} />;
  if (unit === 'seconds') return value < 1 ? 'under a second' : formatDuration(value * 1000);
  const [one, many] = PLURAL[unit] ?? [unit.slice(0, -1), unit];
  return total === null ? formatNoun(value, one, many) : `${formatCount(value)} of ${formatNoun(total, one, many)}`;
}
