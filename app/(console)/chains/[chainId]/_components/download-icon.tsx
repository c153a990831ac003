import { Download } from 'lucide-react';

/** At the end of a row: downloads what the row is about. */
export function DownloadIcon({ href, label }: { href: string; label: string }) {
  return (
    <a
      href={href}
      download
      aria-label={label}
      className="inline-grid size-7 place-items-center rounded-md text-faint hover:bg-hover hover:text-ink"
    >
      <Download size={14} aria-hidden />
    </a>
  );
}
