import { Link } from '@/app/_components/ui/link';
import { TextDiff } from '@/app/_components/text/text-diff';
import { Time } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import type { DiffLine } from '@/lib/core/text/line-diff';
import type { RuleVersion } from '@/lib/schemas/rules';

type Props = {
  ruleId: string;
  /** The newest first. */
  versions: readonly RuleVersion[];
  isAll: boolean;
  /** What one version changed, with the lines around it. */
  changes: Changed | null;
};
type Changed = {
  version: number;
  lines: readonly DiffLine[];
  /** Of the two those whose text is not the one that was saved. */
  altered: readonly number[];
};

/** Every text a rule had; one that is chosen is shown beside the one before it. */
export function RuleHistory({ ruleId, versions, isAll, changes }: Props) {
  return (
    <Card title="Versions" total={versions[0]?.version ?? 0} flush>
      <ol className="divide-y">
        {versions.map(({ version, title, savedBy, savedAt, note }) => {
          const isShown = version === changes?.version;
          return (
            <li key={version} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-4 py-2">
              <Link
                className="link inline-flex min-h-6 items-center tabular"
                href={isShown ? `/rules/${ruleId}` : `/rules/${ruleId}?version=${version}`}
                aria-current={isShown ? 'true' : undefined}
                scroll={false}
                prefetch={false}
              >
                Version {version}
              </Link>
              <span className="text-muted">
                {savedBy}, <Time at={savedAt} />
              </span>
              <span className="min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">{note || title}</span>
            </li>
          );
        })}
      </ol>
      {!isAll && (
        <p className="border-t px-4 py-2 text-xs text-muted">
          The newest {versions.length} are listed; the API has every one.
        </p>
      )}
      {changes && <Changes {...changes} />}
    </Card>
  );
}

function Changes({ version, lines, altered }: Changed) {
  return (
    <figure aria-label={`Changes of version ${version}`} className="border-t">
      <figcaption className="px-4 py-2 text-xs text-muted">
        {version > 1 ? `Version ${version} beside version ${version - 1}` : 'Version 1, the first'}
      </figcaption>
      {altered.map((one) => (
        <p key={one} className="px-4 pb-2 text-v-tampered">
          The text of version {one} in the database is not the one that was saved: it does not have the SHA-256 of that
          version.
        </p>
      ))}
      <TextDiff lines={lines} />
    </figure>
  );
}
