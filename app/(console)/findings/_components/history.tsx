import { Only } from '@/app/_components/access/role';
import { formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { STATUS_WORDS, VERDICT_WORDS } from '@/app/_components/triage/words';
import { WriteForm } from '@/app/_components/triage/write-form';
import { Card } from '@/app/_components/ui/card';
import type { FindingDetail } from '@/lib/schemas/findings';
import type { FindingAct } from '@/lib/schemas/triage';

/** What people did about a finding, in order, and what they say. */
export function History({ finding }: { finding: FindingDetail }) {
  return (
    <Card title="History" total={finding.history.length}>
      <ol className="space-y-3">
        <li className="text-muted">
          <Time at={finding.foundAt} /> found by the rule
        </li>
        {finding.history.map((act) => (
          <li key={act.id}>
            <p>
              <Time at={act.at} className="text-muted" /> <span className="font-medium">{act.by.name}</span>{' '}
              {act.isUndo && 'undid a change: '}
              {saidOf(act)}
              {act.recordCount !== null && act.recordCount !== finding.recordCount && (
                <span className="text-muted"> with {formatNoun(act.recordCount, 'record')} in evidence</span>
              )}
            </p>
            {act.comment && (
              <p className="mt-1 max-w-[72ch] border-l-2 pl-3 whitespace-pre-line [overflow-wrap:anywhere]">
                {act.comment}
              </p>
            )}
          </li>
        ))}
      </ol>
      <Only need="analyst">
        <WriteForm
          label="Comment"
          placeholder="What you found out"
          action="Add comment"
          method="POST"
          path={`/api/v1/findings/${finding.id}/comments`}
          name="text"
        />
      </Only>
    </Card>
  );
}

function saidOf({ changes: { status, verdict, assignee } }: FindingAct): string {
  const said = [
    status && `moved it from ${STATUS_WORDS[status.from].toLowerCase()} to ${STATUS_WORDS[status.to].toLowerCase()}`,
    verdict &&
      (verdict.to
        ? `said: ${VERDICT_WORDS[verdict.to].toLowerCase()}${verdict.from ? `, in place of ${VERDICT_WORDS[verdict.from].toLowerCase()}` : ''}`
        : `took the verdict back${verdict.from ? ` (${VERDICT_WORDS[verdict.from].toLowerCase()})` : ''}`),
    assignee &&
      (assignee.to
        ? `gave it to ${assignee.to.name}${assignee.from ? `, who has it in place of ${assignee.from.name}` : ''}`
        : `took it from ${assignee.from?.name ?? 'nobody'}`),
  ].filter((part) => part !== undefined);
  return said.length > 0 ? said.join('; ') : 'wrote';
}
