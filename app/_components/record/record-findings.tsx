import { Link } from '../ui/link';
import type { RecordDetail } from '@/lib/schemas/chains';
import { LevelMark } from '../verdict/levels';

/** The findings that name the record. */
export function RecordFindings({ findings }: Pick<RecordDetail, 'findings'>) {
  return (
    <section aria-label="Findings">
      <h3 className="mb-1 font-medium">Findings that name it</h3>
      {findings.length === 0 ? (
        <p className="text-muted">None.</p>
      ) : (
        <ul className="space-y-1">
          {findings.map(({ id, title, level, status }) => (
            <li key={id} className="flex items-baseline gap-2">
              <LevelMark level={level} />
              <Link href={`/findings?status=${status}&finding=${id}`} className="link min-w-0 flex-1 truncate">
                {title}
              </Link>
              <span className="text-xs text-muted">{status}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
