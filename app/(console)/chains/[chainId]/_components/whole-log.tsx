import { Link } from '@/app/_components/ui/link';
import { formatDuration } from '@/app/_components/format/duration';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { RecordLink } from '@/app/_components/ribbon/record-link';
import { TimeSpan } from '@/app/_components/time/time';
import { VERIFIER_NAME } from '@/lib/schemas/formats';
import type { ChainDetail, LogSummary, SameLog } from '@/lib/schemas/chains';

type ReferenceFinding = NonNullable<ChainDetail['referenceVerifier']>;

const RELATION: Record<SameLog['relation'], string> = {
  identical: 'record for record',
  longer: 'where it goes on',
  shorter: 'where it ends earlier',
  diverged: 'where it goes another way',
};

/** What is known of the log as a whole: records that hold by themselves, gaps in time, what its own tool says, and where else it is held. */
export function WholeLog({ chain }: { chain: ChainDetail }) {
  const { summary, sameLog, verdict, format, referenceVerifier, tail } = chain;
  return (
    <div className="space-y-1 text-muted">
      {verdict !== 'pending' && summary.records.total > 0 && (
        <div>
          {validity(summary)} <TimeGaps chain={chain} gaps={summary.range ? summary.gaps : null} />
        </div>
      )}
      {summary.timeSteps && <StepsBack chain={chain} steps={summary.timeSteps} />}
      {summary.untimed && <Untimed chain={chain} untimed={summary.untimed} />}
      {referenceVerifier && <OwnTool format={format} referenceVerifier={referenceVerifier} open={tail?.records ?? 0} />}
      <Elsewhere sameLog={sameLog} />
    </div>
  );
}

const SAYS: Record<ReferenceFinding['verdict'], string> = {
  ok: 'passes it',
  failed: 'fails it',
  corrupt: 'cannot read it to the end',
  partial: 'takes a part of it for the chain',
  unchained: 'finds no chain in it and does not mind',
  crash: 'ends with an error of its own on it',
  'not-followed': 'was not followed over it',
};

function OwnTool({
  format,
  referenceVerifier: { verdict, line, message },
  open,
}: {
  format: ChainDetail['format'];
  referenceVerifier: ReferenceFinding;
  /** Records it was not run on, being open. */
  open: number;
}) {
  const tool = VERIFIER_NAME[format];
  if (tool === null) return null;
  return (
    <p className="[overflow-wrap:anywhere]">
      {tool} {SAYS[verdict]}
      {line === null ? '' : ` at line ${formatCount(line)}`}: “{message}”
      {open > 0 && `, without ${formatNoun(open, 'record')} that ${open === 1 ? 'is' : 'are'} open`}
    </p>
  );
}

/** Where time goes back. */
function StepsBack({
  chain,
  steps: { count, largest },
}: {
  chain: ChainDetail;
  steps: NonNullable<LogSummary['timeSteps']>;
}) {
  const [step] = largest;
  if (!step) return null;
  return (
    <p>
      Time goes back at <RecordLink chainId={chain.id} record={step.record} records={chain.records} />, by{' '}
      {formatDuration(step.seconds * 1000)} (<TimeSpan from={step.to} to={step.from} />)
      {count > 1 && `, and by less at ${formatCount(count - 1)} other ${count === 2 ? 'place' : 'places'}`}: a clock was
      set, or several writers share the log.
    </p>
  );
}

/** Records that state no time. */
function Untimed({
  chain,
  untimed: { count, first },
}: {
  chain: ChainDetail;
  untimed: NonNullable<LogSummary['untimed']>;
}) {
  if (count === 0 || first === null) return null;
  return (
    <p>
      {formatNoun(count, 'record')} {count === 1 ? 'states' : 'state'} no time that can be read, the first being{' '}
      <RecordLink chainId={chain.id} record={first} records={chain.records} />: no period holds{' '}
      {count === 1 ? 'it' : 'them'}, and no rule over time sees {count === 1 ? 'it' : 'them'}.
    </p>
  );
}

/** Names in the sentence while there are few; past that they fold away. */
const IN_SENTENCE = 2;

function Elsewhere({ sameLog }: { sameLog: readonly SameLog[] }) {
  if (sameLog.length === 0) return null;
  if (sameLog.length > IN_SENTENCE) {
    return (
      <details>
        <summary>
          The same log is also held under {formatCount(sameLog.length)} other names; each is verified by itself.
        </summary>
        <ul aria-label="Chains that hold the same log" className="mt-1 mb-2 list-disc pl-6">
          {sameLog.map((other) => (
            <li key={other.chainId}>
              <Other {...other} />
            </li>
          ))}
        </ul>
      </details>
    );
  }
  return (
    <p className="[overflow-wrap:anywhere]">
      The same log is also held as{' '}
      {sameLog.map((other, index) => (
        <span key={other.chainId}>
          {index > 0 && ' and '}
          <Other {...other} />
        </span>
      ))}
      . Each is verified by itself.
    </p>
  );
}

function Other({ chainId, name, relation, records }: SameLog) {
  return (
    <>
      <Link className="link" href={`/chains/${chainId}`}>
        {name}
      </Link>
      , {RELATION[relation]} ({formatNoun(records, 'record')})
    </>
  );
}

function validity({ records: { valid, total } }: LogSummary): string {
  if (valid === total)
    return total === 1 ? 'Its one record hashes correctly.' : `All ${formatCount(total)} records hash correctly.`;
  return `${formatCount(valid)} of ${formatNoun(total, 'record')} hash correctly.`;
}

/** As many gaps in time of a chain are kept. */
const MOST_KEPT = 20;

function TimeGaps({ chain, gaps }: { chain: ChainDetail; gaps: LogSummary['gaps'] }) {
  const longest = gaps?.[0];
  if (!gaps) return null;
  if (!longest) return <>No gap in time between records lasts an hour.</>;
  if (gaps.length === 1) {
    return (
      <>
        One gap in time lasts an hour or more: <Gap chain={chain} gap={longest} />.
      </>
    );
  }
  return (
    <details className="inline-block align-top">
      <summary>
        {gaps.length < MOST_KEPT
          ? `${formatCount(gaps.length)} gaps in time of an hour or more`
          : `The ${formatCount(gaps.length)} longest gaps in time`}
        : up to {formatDuration(longest.seconds * 1000)}.
      </summary>
      <ol aria-label="Gaps in time, longest first" className="mt-1 mb-2 list-decimal pl-6 tabular">
        {gaps.map((gap) => (
          <li key={gap.record}>
            <Gap chain={chain} gap={gap} />
          </li>
        ))}
      </ol>
    </details>
  );
}

function Gap({
  chain,
  gap: { record, from, to, seconds },
}: {
  chain: ChainDetail;
  gap: NonNullable<LogSummary['gaps']>[number];
}) {
  return (
    <>
      {formatDuration(seconds * 1000)} before <RecordLink chainId={chain.id} record={record} records={chain.records} />,{' '}
      <TimeSpan from={from} to={to} />
    </>
  );
}
