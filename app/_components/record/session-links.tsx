import { ListOrdered } from 'lucide-react';
import { Link } from '../ui/link';
import { buttonClass } from '@/app/_components/ui/button';
import type { RecordDetail } from '@/lib/schemas/chains';
import { sessionHref } from '@/lib/schemas/session-address';

/** Leads to the record's place among what its session, or its run, did. Nothing where it names neither. */
export function SessionLinks({ record }: { record: RecordDetail }) {
  const ids = [
    { id: record.sessionId, words: 'Show in session' },
    ...(record.runId === record.sessionId ? [] : [{ id: record.runId, words: 'Show in run' }]),
  ];
  const links = ids.flatMap(({ id, words }) => {
    const href = sessionHref(id, record);
    return href ? [{ href, words }] : [];
  });
  if (links.length === 0) return null;
  return (
    <p className="flex flex-wrap gap-2">
      {links.map(({ href, words }) => (
        <Link key={words} href={href} prefetch={false} className={buttonClass('plain')}>
          <ListOrdered size={14} aria-hidden className="text-faint" />
          {words}
        </Link>
      ))}
    </p>
  );
}
