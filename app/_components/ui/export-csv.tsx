import { Download } from 'lucide-react';
import { formatNoun } from '../format/number';
import { buttonClass } from './button';

/** Saves every row that matches, and says how many these are; null while that is not known. */
export function ExportCsv({
  href,
  rows,
}: {
  /** A route that answers with a CSV. */
  href: string;
  rows: number | null;
}) {
  return (
    <a href={href} download className={`${buttonClass('ghost', 'sm')} no-print whitespace-nowrap`}>
      <Download size={14} aria-hidden />
      CSV{rows !== null && `, ${formatNoun(rows, 'row')}`}
    </a>
  );
}
