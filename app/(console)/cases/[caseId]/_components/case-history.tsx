import { Only } from '@/app/_components/access/role';
import { formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { STATUS_WORDS } from '@/app/_components/triage/words';
import { WriteForm } from '@/app/_components/triage/write-form';
import { Card } from '@/app/_components/ui/card';
import type { CaseAct, CaseDetail } from '@/lib/schemas/cases';

/** Notes of a case, and everything else that was done about it, in order. */
export function CaseHistory({ of: { id, history } }: { of: CaseDetail }) {
  return (
    <Card title="Notes and history" total={history.length}>
      <ol className="space-y-3">
        {history.map((act, nth) => (
          <li key={act.id}>
            <p>
              <Time at={act.at} className="text-muted" /> <span className="font-medium">{act.by.name}</span>{' '}
              {saidOf(act, nth === 0)}
            </p>
            {act.note && (
              <p className="mt-1 max-w-[72ch] border-l-2 pl-3 whitespace-pre-line [overflow-wrap:anywhere]">
                {act.note}
              </p>
            )}
          </li>
        ))}
      </ol>
      <Only need="analyst">
        <WriteForm
          label="Note"
          placeholder="What was found out"
          action="Add note"
          method="PATCH"
          path={`/api/v1/cases/${id}`}
          name="note"
        />
      </Only>
    </Card>
  );
}

function saidOf({ changes: { title, status, owner, added, removed } }: CaseAct, isFirst: boolean): string {
  const said = [
    isFirst && 'began it',
    title && `renamed it from “${title.from}”`,
    status && `moved it from ${STATUS_WORDS[status.from].toLowerCase()} to ${STATUS_WORDS[status.to].toLowerCase()}`,
    owner && (owner.to ? `gave it to ${owner.to.name}` : `took it from ${owner.from?.name ?? 'nobody'}`),
    added && `added ${formatNoun(added.length, 'finding')}`,
    removed && `took out ${formatNoun(removed.length, 'finding')}`,
  ].filter((part) => part !== undefined && part !== false);
  return said.length > 0 ? said.join('; ') : 'wrote';
}
