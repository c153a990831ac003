import { Link } from '@/app/_components/ui/link';
import type { ReactNode } from 'react';
import { TextDiff } from '@/app/_components/text/text-diff';
import { Time } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import type { DiffLine } from '@/lib/core/text/line-diff';
import type { Suppression } from '@/lib/schemas/suppressions';
import { FocusOnShow } from './focus-on-show';

type Props = {
  before: Suppression;
  after: Suppression;
  /** Lines of the filters that differ, with some around. */
  lines: readonly DiffLine[];
  /** The list without it. */
  hrefBack: string;
};

/** A version of a suppression beside the one it replaced: reason, expiry and filter. */
export function SuppressionChanges({ before, after, lines, hrefBack }: Props) {
  const [because, now] = [before.reason, after.reason];
  return (
    <FocusOnShow of={after.id} label={`Changes of version ${after.version} of ${after.title}`} className="mb-4">
      <Card
        title={<span className="[overflow-wrap:anywhere]">{after.title}</span>}
        aside={
          <Link className="link inline-flex min-h-6 items-center" href={hrefBack} scroll={false}>
            Close
          </Link>
        }
        flush
      >
        <p className="px-4 pt-3 text-muted">
          Version {after.version} beside version {before.version}, which it replaced on <Time at={after.createdAt} />,
          by {after.createdBy}.
        </p>
        <dl className="grid gap-x-6 gap-y-3 px-4 py-3 sm:grid-cols-2">
          <Change
            label="Reason"
            isSame={because === now}
            before={because}
            after={now}
            of={[before.version, after.version]}
          />
          <Change
            label="Expires"
            isSame={before.expiresAt === after.expiresAt}
            before={<Time at={before.expiresAt} />}
            after={<Time at={after.expiresAt} />}
            of={[before.version, after.version]}
          />
        </dl>
        {lines.length === 0 ? (
          <p className="border-t px-4 py-3 text-muted">The filter is the same.</p>
        ) : (
          <figure aria-label="Changes of the filter" className="border-t pt-2">
            <TextDiff lines={lines} />
          </figure>
        )}
      </Card>
    </FocusOnShow>
  );
}

type ChangeProps = {
  label: string;
  isSame: boolean;
  before: ReactNode;
  after: ReactNode;
  /** Their versions. */
  of: readonly [number, number];
};

function Change({ label, isSame, before, after, of }: ChangeProps) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-faint">{isSame ? `${label}, the same` : label}</dt>
      {(isSame ? [after] : [before, after]).map((value, nth) => (
        <dd key={of[nth]} className="[overflow-wrap:anywhere] whitespace-pre-line">
          {!isSame && <span className="text-xs text-faint">Version {of[nth]}: </span>}
          {value}
        </dd>
      ))}
    </div>
  );
}
