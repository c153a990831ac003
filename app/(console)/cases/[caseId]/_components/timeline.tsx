'use client';
import { Only } from '@/app/_components/access/role';
import { Link } from '@/app/_components/ui/link';
import { useRouter } from 'next/navigation';
import { api } from '@/app/_components/api/client';
import { sayGroup } from '@/app/_components/format/group';
import { formatNoun } from '@/app/_components/format/number';
import { TimeSpan } from '@/app/_components/time/time';
import { STATUS_WORDS, VERDICT_WORDS } from '@/app/_components/triage/words';
import { Button } from '@/app/_components/ui/button';
import { useSubmit } from '@/app/_components/ui/use-submit';
import { LevelMark } from '@/app/_components/verdict/levels';
import type { CaseDetail } from '@/lib/schemas/cases';

/** Findings of a case, the earliest first. */
export function Timeline({ caseId, timeline }: { caseId: string; timeline: CaseDetail['timeline'] }) {
  const router = useRouter();
  const { busy, submit } = useSubmit({ failed: 'The finding is in the case still' });
  if (timeline.length === 0)
    return <p className="px-4 py-5 text-muted">No finding yet. They are added from the queue of findings.</p>;
  return (
    <ol className="divide-y divide-line">
      {timeline.map((finding) => (
        <li key={finding.id} className="flex flex-wrap items-start gap-x-4 gap-y-1 px-4 py-2.5">
          <span className="w-56 shrink-0 text-muted tabular">
            <TimeSpan from={finding.windowFrom} to={finding.windowTo} />
          </span>
          <span className="min-w-0 flex-1 basis-64">
            <Link
              className="link inline-flex min-h-6 items-center"
              href={`/findings?status=${finding.status}&finding=${finding.id}`}
              prefetch={false}
            >
              {finding.title}
            </Link>
            <span className="flex flex-wrap gap-x-3 text-xs text-muted">
              <LevelMark level={finding.level} />
              <span className="[overflow-wrap:anywhere]">{sayGroup(finding.group)}</span>
              {finding.recordCount > 0 && <span>{formatNoun(finding.recordCount, 'record')}</span>}
              <span>
                {STATUS_WORDS[finding.status].toLowerCase()}
                {finding.verdict && `, ${VERDICT_WORDS[finding.verdict].toLowerCase()}`}
              </span>
              {finding.evidence === 'does_not_hold' && finding.measures.kind !== 'evidence' && (
                <span className="text-v-tampered">evidence does not hold</span>
              )}
              {finding.supersededAt && <span>the records as they stand no longer give it</span>}
            </span>
          </span>
          <Only need="analyst">
            {' '}
            <Button
              size="sm"
              look="ghost"
              className="no-print max-sm:-ml-2"
              disabled={busy}
              aria-label={`Take out ${finding.title}, ${sayGroup(finding.group)}`}
              onClick={() =>
                submit(async () => {
                  await api(null, `/api/v1/cases/${caseId}/findings`, {
                    method: 'PATCH',
                    body: { remove: [finding.id] },
                  });
                  router.refresh();
                })
              }
            >
              Take out
            </Button>
          </Only>
        </li>
      ))}
    </ol>
  );
}
