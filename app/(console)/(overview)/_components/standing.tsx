import { Only } from '@/app/_components/access/role';
import { Link } from '@/app/_components/ui/link';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { ButtonLink } from '@/app/_components/ui/button';
import { PageHead } from '@/app/_components/ui/page-head';
import { UploadButton } from '@/app/_components/upload/upload-button';
import { VERDICT_LOOK, holds } from '@/app/_components/verdict/verdicts';
import { CHAIN_VERDICTS } from '@/lib/core/chain/verdict';
import { countDamaged } from '@/lib/schemas/evidence';
import type { Standing as Stands } from '@/lib/schemas/reports';

/** When all of it was last read back from the disk and compared with what was received. */
function LastPass({ stored: { lastPass } }: Pick<Stands, 'stored'>) {
  if (!lastPass) return <span className="text-muted">not yet read back from storage as a whole</span>;
  return (
    <span className="text-muted">
      read back from storage <Time at={lastPass.endedAt} />
    </span>
  );
}

/** Does all evidence hold: the page's title is the answer. */
export function Standing({ standing }: { standing: Stands }) {
  const counts = CHAIN_VERDICTS.map((verdict) => [verdict, standing.byVerdict[verdict] ?? 0] as const).filter(
    ([, count]) => count > 0,
  );
  const broken = counts
    .filter(([verdict]) => !holds(verdict) && verdict !== 'pending')
    .reduce((sum, [, count]) => sum + count, 0);
  const pending = standing.byVerdict.pending ?? 0;
  return (
    <PageHead
      title={title(standing, broken, pending)}
      lead={
        <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <span>
            {formatNoun(standing.records, 'record')} in{' '}
            <Link className="link" href="/chains">
              {formatNoun(standing.chains, 'chain')}
            </Link>
          </span>
          <LastPass stored={standing.stored} />
          {counts.map(([verdict, count]) => {
            const { icon: Icon, word, tone } = VERDICT_LOOK[verdict];
            return (
              <Link
                key={verdict}
                href={`/chains?verdict=${verdict}`}
                className="inline-flex min-h-6 items-center gap-1.5 text-sm hover:underline"
                style={{ color: tone }}
              >
                <Icon size={15} />
                <span className="tabular">{formatCount(count)}</span> {word.toLowerCase()}
              </Link>
            );
          })}
        </p>
      }
      actions={
        <>
          <Only need="ingest">
            <ButtonLink href="/chains/new">Add a source</ButtonLink>
          </Only>
          <UploadButton />
        </>
      }
    />
  );
}

function title({ chains, stored }: Stands, broken: number, pending: number): string {
  const damaged = countDamaged(stored);
  if (damaged > 0) return `${formatNoun(damaged, 'piece')} of stored evidence ${damaged === 1 ? 'is' : 'are'} damaged`;
  if (broken === 0)
    return pending > 0
      ? `Everything checked so far holds; ${formatNoun(pending, 'chain')} being checked`
      : 'All evidence holds';
  return `${formatCount(broken)} of ${formatNoun(chains, 'chain')} ${broken === 1 ? 'does' : 'do'} not hold`;
}
