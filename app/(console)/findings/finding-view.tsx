import { Link } from '@/app/_components/ui/link';
import { Suspense } from 'react';
import { formatCount, formatMeasure, formatNoun } from '@/app/_components/format/number';
import { Time, TimeSpan } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { Skeleton } from '@/app/_components/ui/skeleton';
import { Hash } from '@/app/_components/ui/hash';
import { LevelMark } from '@/app/_components/verdict/levels';
import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import { VERDICT_WORDS } from '@/app/_components/triage/words';
import { listPeople } from '@/lib/access/people';
import type { Context } from '@/lib/context';
import { groupWords } from '@/lib/schemas/group-words';
import type { FindingDetail } from '@/lib/schemas/findings';
import type { Assignee } from '@/lib/schemas/triage';
import { sessionHref } from '@/lib/schemas/session-address';
import { getFinding } from '@/lib/triage/findings';
import { found } from '../found';
import { Harmless } from '../rules/_components/harmless';
import { RuleIds } from '../rules/_components/rule-ids';
import { countedAs, formatHistory, lengthWords } from './baseline-words';
import { Fact } from './_components/fact';
import { FindingActs } from './_components/finding-acts';
import { History } from './_components/history';
import { Related } from './_components/related';
import { Story } from './story';
import { SeenBefore } from './_components/seen-before';
import { EVIDENCE_RULE_ID } from '@/lib/core/rules/evidence-rule';
import { MEASURED, type Measures } from '@/lib/core/rules/kinds/measures';

/** One finding: what was seen, why it matters, the records that prove it, and the rule as it ran; of stored evidence, when it was noticed and what is watched for. */
export async function FindingView({
  ctx,
  findingId,
  personId,
  here,
}: {
  ctx: Context;
  findingId: string;
  /** Who is signed in. */
  personId: string;
  /** The page's own address, as far as its parameters go. */
  here: string;
}) {
  const [finding, people] = await Promise.all([found(getFinding(ctx, { findingId })), listPeople(ctx)]);
  const isOfEvidence = finding.measures.kind === 'evidence';
  return (
    <article aria-label={finding.title} className="space-y-4">
      <Facts finding={finding} people={people.filter(({ isDisabled }) => !isDisabled)} personId={personId} />
      {!isOfEvidence && (
        <Suspense key={here} fallback={<Skeleton className="h-96" />}>
          <Story ctx={ctx} finding={finding} here={here} />
        </Suspense>
      )}
      <SeenBefore finding={finding} />
      <Related finding={finding} />
      {finding.runbook !== '' && (
        <Card title="What to do">
          <p className="whitespace-pre-line">{finding.runbook}</p>
        </Card>
      )}
      <Harmless cases={finding.falsePositives} />
      <RuleAsItRan finding={finding} />
      <History finding={finding} />
    </article>
  );
}

/** What was found, what is known of it at a glance, and what can be done with it. */
function Facts({
  finding,
  people,
  personId,
}: {
  finding: FindingDetail;
  people: readonly Assignee[];
  personId: string;
}) {
  const isOfEvidence = finding.measures.kind === 'evidence';
  return (
    <header className="card p-4">
      <LevelMark level={finding.level} />
      <h2 className="mt-1 mb-3 text-lg font-semibold">{finding.title}</h2>
      <FindingActs
        key={finding.status}
        finding={finding}
        people={people.map(({ id, name }) => ({ id, name }))}
        personId={personId}
      />
      <Notices finding={finding} />
      <p className="mt-3 max-w-[72ch] text-base text-muted">{finding.description}</p>
      <dl className="mt-4 grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-x-6 gap-y-3">
        {groupOf(finding).map(([field, value]) => (
          <Fact key={field} label={field.replaceAll('_', ' ')}>
            <GroupValue field={field} value={value} finding={finding} />
          </Fact>
        ))}
        {isOfEvidence ? (
          <Fact label="Noticed">
            <Time at={finding.windowFrom} />
            {finding.ruleId === EVIDENCE_RULE_ID && ', when its bytes were read'}
          </Fact>
        ) : (
          <Counted finding={finding} />
        )}
        <Fact label={finding.chains.length === 1 ? 'Chain' : 'Chains'}>
          <ul>
            {finding.chains.map((chain) => (
              <li key={chain.id}>
                <Link className="link inline-block min-h-6 [overflow-wrap:anywhere]" href={`/chains/${chain.id}`}>
                  {chain.name}
                </Link>{' '}
                <VerdictMark verdict={chain.verdict} />
                {finding.group['problem'] !== undefined && (
                  <>
                    {' '}
                    <Link
                      className="link inline-block min-h-6 whitespace-nowrap"
                      href={`/chains/${chain.id}?tab=problems`}
                    >
                      Its problems, each with its place
                    </Link>
                  </>
                )}
              </li>
            ))}
          </ul>
        </Fact>
        {finding.cases.length > 0 && (
          <Fact label={finding.cases.length === 1 ? 'Case' : 'Cases'}>
            <ul>
              {finding.cases.map(({ id, title }) => (
                <li key={id}>
                  <Link className="link inline-block min-h-6 [overflow-wrap:anywhere]" href={`/cases/${id}`}>
                    {title}
                  </Link>
                </li>
              ))}
            </ul>
          </Fact>
        )}
        <Fact label="Found">
          <Time at={finding.foundAt} />
        </Fact>
      </dl>
    </header>
  );
}

/** What a reader has to know before the rest. */
function Notices({ finding }: { finding: FindingDetail }) {
  // Where it was decided last.
  const decided = finding.history.findLast(({ changes }) => changes.status)?.recordCount ?? finding.recordCount;
  const grownBy = finding.decidedAt === null ? 0 : finding.recordCount - decided;
  const isBroken = finding.evidence === 'does_not_hold' && finding.measures.kind !== 'evidence';
  return (
    <>
      {finding.verdict && (
        <p className="mt-2">
          Found to be: <strong>{VERDICT_WORDS[finding.verdict].toLowerCase()}</strong>
        </p>
      )}
      {grownBy > 0 && (
        <p className="mt-2">
          It has grown by {formatNoun(grownBy, 'record')} since it was {finding.status}.
        </p>
      )}
      {finding.suppressedBy && (
        <p className="mt-2">
          Suppressed until <Time at={finding.suppressedBy.expiresAt} /> by “{finding.suppressedBy.title}”:{' '}
          <Link className="link inline-block min-h-6" href="/findings/suppressions?state=active">
            see why, or end it
          </Link>
        </p>
      )}
      {finding.supersededAt && (
        <p className="mt-2">
          The records as they stand no longer give this finding since <Time at={finding.supersededAt} />.
        </p>
      )}
      {isBroken && (
        <p className="mt-2 text-v-tampered">
          Its evidence does not hold: a chain its records lie in is broken or damaged. Look at the chain before you rest
          anything on these records.
        </p>
      )}
    </>
  );
}

function RuleAsItRan({ finding }: { finding: FindingDetail }) {
  const isOfEvidence = finding.measures.kind === 'evidence';
  return (
    <Card
      title={isOfEvidence ? 'What is watched for' : 'The rule as it ran'}
      aside={
        <>
          {finding.ruleId !== EVIDENCE_RULE_ID && (
            <Link className="link" href={`/rules/${finding.ruleId}`}>
              As it is now
            </Link>
          )}
          <Hash value={finding.ruleDigest} />
        </>
      }
      flush
    >
      <RuleIds of={finding} />
      <pre tabIndex={0} aria-label="Rule" className="max-h-96 overflow-auto p-4 font-mono text-xs whitespace-pre-wrap">
        {finding.ruleYaml}
      </pre>
    </Card>
  );
}

/** What it is about; of a finding about a chain that is told beside its verdict. */
function groupOf({ group, measures }: FindingDetail): [field: string, value: string][] {
  return Object.entries(group).filter(([field]) => measures.kind !== 'evidence' || field !== 'chain');
}

/** What its records have in common; a session leads to all of its steps, at the first that proves the finding. */
function GroupValue({ field, value, finding }: { field: string; value: string; finding: FindingDetail }) {
  if (value === '') return <span className="text-muted">{groupWords(field, value)}</span>;
  const href = field === 'session_id' || field === 'run_id' ? sessionHref(value, finding.records[0]) : null;
  return href ? (
    <Link className="link inline-block min-h-6 leading-6 [overflow-wrap:anywhere]" href={href} prefetch={false}>
      {value}
    </Link>
  ) : (
    <span className="[overflow-wrap:anywhere]">{value}</span>
  );
}

/** What the same group did before. */
function Before({
  measures,
  baseline: { perWindow, ratio, history },
}: {
  measures: Measures;
  baseline: NonNullable<Measures['baseline']>;
}) {
  const least = countedAs(measures);
  return (
    <Fact label={`Its history in ${measures.timespan}`}>
      {perWindow === null ? 'too short to tell' : formatHistory(perWindow)}{' '}
      <span className="text-muted">
        {ratio !== null && 'on average, '}
        {least !== null && `counted as ${formatMeasure(least)}, `}
        {ratio !== null && `${formatMeasure(Math.round(ratio * 10) / 10)} times exceeded, `}
        over {history === 'all' ? 'all the time' : `the ${lengthWords(history)}`} before
      </span>
    </Fact>
  );
}

/** What a rule counted in the records. */
function Counted({ finding: { windowFrom, windowTo, measures, recordCount } }: { finding: FindingDetail }) {
  return (
    <>
      <Fact label="Seen">
        <TimeSpan from={windowFrom} to={windowTo} />
      </Fact>
      {measures.kind !== 'evidence' && (
        <Fact label={`${MEASURED[measures.kind]} in ${measures.timespan}`}>
          {formatMeasure(measures.count)}{' '}
          <span className="text-muted">against a threshold of {formatMeasure(measures.threshold)}</span>
        </Fact>
      )}
      {measures.kind !== 'evidence' && measures.baseline && <Before measures={measures} baseline={measures.baseline} />}
      <Fact label="Records that prove it">{formatCount(recordCount)}</Fact>
    </>
  );
}
