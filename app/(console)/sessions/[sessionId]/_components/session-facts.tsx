import { Link } from '@/app/_components/ui/link';
import type { ReactNode } from 'react';
import { StackedBar } from '@/app/_components/chart/stacked-bar';
import { formatCount, formatNoun, formatUsd } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { Hash } from '@/app/_components/ui/hash';
import { DECISION_LOOK, DECISION_ORDER } from '@/app/_components/verdict/decisions';
import { sessionHref } from '@/lib/schemas/session-address';
import type { Session } from '@/lib/schemas/sessions';

/** Values said in a line before the rest is counted. */
const SAID = 3;

/** What is known of the session as a whole. What no record states is left out. */
export function SessionFacts({ session }: { session: Session }) {
  const { records, counts, inputTokens, outputTokens, costUsd, untimed, policies } = session;
  const present = DECISION_ORDER.flatMap((decision) => {
    const value = counts[decision] ?? 0;
    return value > 0 ? [{ key: decision, value, ...DECISION_LOOK[decision] }] : [];
  });
  const inForce = policies.findLast(({ digest }) => digest !== '');
  return (
    <section aria-label="Facts" className="card px-4 py-3">
      <dl className="grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-x-6 gap-y-3">
        <Fact label="Decisions" wide>
          <StackedBar parts={present} of={records} height={8} />
          <p className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1 text-xs">
            {present.map(({ key, value, word, tone }) => (
              <span key={key} className="inline-flex items-center gap-1.5">
                <span aria-hidden className="size-2 rounded-[2px]" style={{ background: tone }} />
                {word} {formatCount(value)}
              </span>
            ))}
          </p>
        </Fact>
        <Values session={session} field="agent" label={['Agent', 'Agents']} />
        <Values session={session} field="model" label={['Model', 'Models']} />
        {inputTokens + outputTokens > 0 && (
          <Fact label="Tokens in and out">
            {formatCount(inputTokens)} <span className="text-faint">and</span> {formatCount(outputTokens)}
          </Fact>
        )}
        {costUsd > 0 && <Fact label="Cost">{formatUsd(costUsd)}</Fact>}
        <Fact label="Secrets redacted">
          {session.secretsRedacted === 0
            ? 'none'
            : `${formatCount(session.secretsRedacted)} in ${formatNoun(session.redacted, 'step')}`}
        </Fact>
        {inForce && (
          <Fact label="Policy in force">
            <Hash value={inForce.digest} />
            {inForce.from && (
              <p className="text-xs text-muted">
                since <Time at={inForce.from} as="second" />
              </p>
            )}
          </Fact>
        )}
        <Related session={session} field="session" label={['Session', 'Sessions']} />
        <Related session={session} field="run" label={['Run', 'Runs and calls']} />
        {untimed > 0 && <Fact label="Without a time">{formatNoun(untimed, 'step')}, kept in their place</Fact>}
      </dl>
    </section>
  );
}

function listOf({ lists }: Session, field: Session['lists'][number]['field']) {
  const list = lists.find((one) => one.field === field);
  return { values: list?.values ?? [], different: (list?.values.length ?? 0) + (list?.more ?? 0) };
}

type Listed = { session: Session; field: Session['lists'][number]['field']; label: readonly [string, string] };

function Values({ session, field, label: [one, several] }: Listed) {
  const { values, different } = listOf(session, field);
  if (different === 0) return null;
  const said = values.slice(0, SAID).map(({ value }) => value);
  return (
    <Fact label={different === 1 ? one : several}>
      {said.join(', ')}
      {different > SAID && <span className="text-muted"> and {formatCount(different - SAID)} more</span>}
    </Fact>
  );
}

/** Other ids that its records name: what it is part of, or what is part of it. */
function Related({ session, field, label: [one, several] }: Listed) {
  const { values, different } = listOf(session, field);
  const others = values.filter(({ value }) => value !== session.id);
  if (others.length === 0) return null;
  const isListed = different <= SAID + 1;
  return (
    <Fact label={others.length === 1 ? one : several}>
      {isListed
        ? others.map(({ value, records }, at) => (
            <span key={value}>
              {at > 0 && ', '}
              <SessionLink id={value} /> <span className="text-faint">({formatCount(records)})</span>
            </span>
          ))
        : `${formatCount(different)} different`}
    </Fact>
  );
}

function SessionLink({ id }: { id: string }) {
  const href = sessionHref(id);
  return href ? (
    <Link href={href} prefetch={false} className="link font-mono text-xs">
      {id}
    </Link>
  ) : (
    <span className="font-mono text-xs">{id.slice(0, 200)}…</span>
  );
}

function Fact({ label, wide = false, children }: { label: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={wide ? 'col-span-full sm:col-span-2' : 'min-w-0'}>
      <dt className="text-xs text-faint">{label}</dt>
      <dd className="mt-0.5 [overflow-wrap:anywhere] tabular">{children}</dd>
    </div>
  );
}
