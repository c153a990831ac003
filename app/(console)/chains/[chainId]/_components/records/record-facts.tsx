import { formatCount } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { DecisionMark } from '@/app/_components/verdict/decision-mark';
import type { RecordDetail } from '@/lib/schemas/chains';

/** What the record says, in Sealtrail's words; what it does not say is left out. */
export function RecordFacts({ record }: { record: RecordDetail }) {
  const facts = [
    ['Kind', record.kind],
    ['Tool', record.tool],
    ['Target', record.target],
    ['Reason', record.reason],
    ['Policy', record.policy],
    ['Agent', record.agent],
    ['Session', record.sessionId],
    ['Run', record.runId],
    ['Secrets redacted', record.secretsRedacted > 0 ? formatCount(record.secretsRedacted) : ''],
  ].filter(([, value]) => value !== '');
  return (
    <section aria-label="What it says">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
        <dt className="text-xs leading-5 text-faint">Time</dt>
        <dd>{record.recordedAt ? <Time at={record.recordedAt} as="second" /> : 'not stated'}</dd>
        <dt className="text-xs leading-5 text-faint">Decision</dt>
        <dd>
          <DecisionMark decision={record.decision} />
        </dd>
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-xs leading-5 text-faint">{label}</dt>
            <dd className="[overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
