import { Link } from '@/app/_components/ui/link';
import { type ReactNode, Suspense } from 'react';
import { formatCount, formatNoun, formatUsd } from '@/app/_components/format/number';
import { holds } from '@/app/_components/verdict/verdicts';
import { Time } from '@/app/_components/time/time';
import type { Period } from '@/lib/schemas/common';
import { FIGURE_SEARCHES } from '@/lib/schemas/report-searches';
import type { ReportChains, ReportFigures } from '@/lib/schemas/reports';
import { ReportSection } from '@/lib/schemas/report-definitions';
import { CHAIN_VERDICTS } from '@/lib/core/chain/verdict';
import { Prose } from './section';

/** `sections` are those of the document: figures lead to theirs. */
export function Summary({
  report,
  chains,
  sections = ReportSection.options,
  isOfEvery = true,
}: {
  report: ReportFigures;
  chains: Promise<ReportChains>;
  sections?: readonly ReportSection[];
  /** Of a part of the records no search finds what a figure counts. */
  isOfEvery?: boolean;
}) {
  const found = (figure: keyof typeof FIGURE_SEARCHES) => (
    <Found search={FIGURE_SEARCHES[figure]} period={isOfEvery ? report.period : null}>
      {formatCount(report.summary[figure])}
    </Found>
  );
  const { summary } = report;
  if (summary.records === 0) {
    return (
      <>
        <Prose>
          No record states a time in this period. Choose another period above, or upload the logs that belong to it.
        </Prose>
        <Untimed untimed={report.untimed} />
      </>
    );
  }
  return (
    <>
      <Prose>
        In this period {formatNoun(summary.agents, 'agent')} left {formatNoun(summary.records, 'record')} in{' '}
        {formatNoun(summary.sessions, 'session')}.{' '}
        <Suspense fallback="Their chains are being counted.">
          <WhetherTheyHold chains={chains} sections={sections} />
        </Suspense>{' '}
        {formatNoun(summary.denied, 'access', 'accesses')} {summary.denied === 1 ? 'was' : 'were'} refused and{' '}
        {formatNoun(summary.secretsRedacted, 'secret')} {summary.secretsRedacted === 1 ? 'was' : 'were'} redacted
        {summary.secretEvents > 0 && <> in {found('secretEvents')} of the records</>}.{' '}
        {formatNoun(summary.requests, 'request')} to models {summary.requests === 1 ? 'was' : 'were'} recorded in{' '}
        {formatNoun(summary.requestSessions, 'session')}.
        {summary.recorded && (
          <>
            {' '}
            The first record is of <Time at={summary.recorded.first} />, the last of <Time at={summary.recorded.last} />
            .
          </>
        )}
      </Prose>
      <Untimed untimed={report.untimed} />
      <Figures report={report} chains={chains} sections={sections} found={found} />
    </>
  );
}

function Figures({
  report: { summary },
  chains,
  sections,
  found,
}: {
  report: ReportFigures;
  chains: Promise<ReportChains>;
  sections: readonly ReportSection[];
  found: (figure: keyof typeof FIGURE_SEARCHES) => ReactNode;
}) {
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border bg-line sm:grid-cols-4">
      <Figure label="Records">{formatCount(summary.records)}</Figure>
      <Figure label="Chains">
        <Link className="link" href="/chains">
          <Suspense fallback="…">
            <ChainCount chains={chains} />
          </Suspense>
        </Link>
      </Figure>
      <Figure label="Agents">{formatCount(summary.agents)}</Figure>
      <Figure label="Sessions">{formatCount(summary.sessions)}</Figure>
      <Figure label="Refused">
        <InSection section="blocked" sections={sections}>
          {formatCount(summary.denied)}
        </InSection>
      </Figure>
      <Figure label="Requests">{found('requests')}</Figure>
      <Figure label="Requests refused">{found('requestsDenied')}</Figure>
      <Figure label="Files accessed">{found('filesAccessed')}</Figure>
      <Figure label="Files refused">{found('filesDenied')}</Figure>
      <Figure label="Secrets redacted">{formatCount(summary.secretsRedacted)}</Figure>
      <Figure label="Findings">
        <InSection section="findings" sections={sections}>
          {formatCount(summary.findings)}
        </InSection>
      </Figure>
      <Figure label="Cost stated">{formatUsd(summary.costUsd)}</Figure>
    </dl>
  );
}

function Found({ search, period, children }: { search: string; period: Period | null; children: ReactNode }) {
  if (period === null) return children;
  return (
    <Link className="link" href={`/events?${new URLSearchParams({ q: search, ...period })}`}>
      {children}
    </Link>
  );
}

async function ChainCount({ chains }: { chains: Promise<ReportChains> }) {
  return formatCount((await chains).total);
}

function InSection({
  section,
  sections,
  children,
}: {
  section: ReportSection;
  sections: readonly ReportSection[];
  children: ReactNode;
}) {
  const number = sections.indexOf(section) + 1;
  if (number === 0) return children;
  return (
    <a className="link" href={`#section-${number}`}>
      {children}
    </a>
  );
}

async function WhetherTheyHold({
  chains,
  sections,
}: {
  chains: Promise<ReportChains>;
  sections: readonly ReportSection[];
}) {
  const section = sections.indexOf('integrity') + 1;
  const { total, byVerdict, chains: listed } = await chains;
  const pending = byVerdict.pending ?? 0;
  const broken = CHAIN_VERDICTS.filter((verdict) => !holds(verdict) && verdict !== 'pending').reduce(
    (sum, verdict) => sum + (byVerdict[verdict] ?? 0),
    0,
  );
  const written = `The records were written to ${formatNoun(total, 'chain')}. `;
  if (broken > 0)
    return `${written}${formatCount(broken)} of these chains ${broken === 1 ? 'does' : 'do'} not hold${section === 0 ? '' : `; section ${section} names ${broken === 1 ? 'it' : broken > listed.length ? `the first ${formatCount(listed.length)}` : 'them'}`}.`;
  return `${written}${
    pending > 0
      ? `Of these chains ${formatCount(pending)} ${pending === 1 ? 'is' : 'are'} still being checked; the others hold.`
      : 'Every one of these chains holds.'
  }`;
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="bg-surface px-4 py-3">
      <dt className="text-xs text-faint">{label}</dt>
      <dd className="text-xl font-semibold tabular">{children}</dd>
    </div>
  );
}

/** Records no period holds, named with their chains. */
function Untimed({ untimed: { records, chains, most } }: Pick<ReportFigures, 'untimed'>) {
  if (records === 0) return null;
  return (
    <Prose>
      {formatNoun(records, 'record')} of {formatNoun(chains, 'chain')} {records === 1 ? 'states' : 'state'} no usable
      time and {records === 1 ? 'is' : 'are'} in no period:{' '}
      {most.map(({ chainId, chain, records: count }, at) => (
        <span key={chainId}>
          {at > 0 && ', '}
          <Link className="link [overflow-wrap:anywhere]" href={`/chains/${chainId}`}>
            {chain}
          </Link>{' '}
          ({formatCount(count)})
        </span>
      ))}
      {chains > most.length && ` and ${formatCount(chains - most.length)} more`}.
    </Prose>
  );
}
