import { Download } from 'lucide-react';
import { formatNoun } from '../format/number';
import { buttonClass } from './button';

/** Saves every row that matches, and says how many these are; null while that is not known. `others` are the same in other forms. */
export function ExportCsv({
  href,
  rows,
  others = [],
}: {
  /** A route that answers with a CSV. */
  href: string;
  rows: number | null;
  others?: readonly { label: string; href: string }[];
}) {
  const look = `${buttonClass('ghost', 'sm')} no-print whitespace-nowrap`;
  const csv = (
    <a href={href} download className={look}>
      <Download size={14} aria-hidden />
      CSV{rows !== null && `, ${formatNoun(rows, 'row')}`}
    </a>
  );
  if (others.length === 0) return csv;
  return (
    <span className="flex flex-wrap">
      {csv}
      {others.map(({ label, href }) => (
        <ExportFile key={label} href={href} label={label} />
      ))}
    </span>
  );
}

/** Saves the same in another form, which its label names. */
export function ExportFile({ href, label }: { href: string; label: string }) {
  return (
    <a href={href} download className={`${buttonClass('ghost', 'sm')} no-print whitespace-nowrap`}>
      {label}
    </a>
  );
}
