import { Link } from '@/app/_components/ui/link';
import { formatNoun } from '@/app/_components/format/number';
import { Card } from '@/app/_components/ui/card';
import { Hash } from '@/app/_components/ui/hash';
import { sessionHref } from '@/lib/schemas/session-address';
import type { Session } from '@/lib/schemas/sessions';

type GitAt = Session['git'][number];
type State = NonNullable<GitAt['state']>;

/** The repository when the session began and when it ended, as records state it. */
export function GitOfSession({ session: { id, git, chains } }: { session: Session }) {
  if (git.length === 0) return null;
  return (
    <Card title="Repository">
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {chains.flatMap(({ chainId, name }) => {
          const at = git.filter((one) => one.chainId === chainId);
          return at.map((one, index) => (
            <section
              key={`${chainId} ${one.ordinal}`}
              aria-label={index === 0 ? 'At first' : 'At last'}
              className="min-w-0"
            >
              <h3 className="text-xs text-faint">
                {index === 0 ? 'At first' : 'At last'}
                {chains.length > 1 && `, ${name}`}, <StepLink id={id} at={one} />
              </h3>
              {one.state ? (
                <Repository state={one.state} />
              ) : (
                <p className="mt-1 text-v-tampered">The stored bytes of this record are damaged.</p>
              )}
            </section>
          ));
        })}
      </div>
    </Card>
  );
}

function StepLink({ id, at }: { id: string; at: GitAt }) {
  const href = sessionHref(id, at);
  const words = `record ${at.ordinal.toLocaleString('en-GB')}`;
  return href ? (
    <Link className="link" href={href}>
      {words}
    </Link>
  ) : (
    words
  );
}

function Repository({ state: { isRepo, branch, head, dirty, changedFiles, untrackedFiles } }: { state: State }) {
  if (!isRepo) return <p className="mt-1 text-muted">Not a repository.</p>;
  return (
    <>
      <p className="mt-1 flex flex-wrap items-baseline gap-x-3">
        <span className="font-medium">{branch ?? 'no branch'}</span>
        {head && <Hash value={head} />}
        <span className={dirty ? 'text-v-warnings' : 'text-muted'}>{dirty ? 'with changes' : 'clean'}</span>
      </p>
      <Files label="changed" files={changedFiles} />
      <Files label="not tracked" files={untrackedFiles} />
    </>
  );
}

function Files({ label, files }: { label: string; files: readonly string[] }) {
  if (files.length === 0) return null;
  return (
    <details className="printed-open mt-1" open={files.length <= 5}>
      <summary className="text-xs text-muted hover:text-ink">
        {formatNoun(files.length, 'file')} {label}
      </summary>
      <ul className="mt-0.5 max-h-56 overflow-y-auto pl-4 font-mono text-xs print:max-h-none">
        {files.map((file) => (
          <li key={file} className="[overflow-wrap:anywhere]">
            {file}
          </li>
        ))}
      </ul>
    </details>
  );
}
