import { formatCount } from '@/app/_components/format/number';
import { HashCompare } from '@/app/_components/ribbon/hash-compare';
import { Hash } from '@/app/_components/ui/hash';
import { SealCheck } from '@/app/_components/verdict/icons';
import { PROBLEM_TITLES } from '@/app/_components/verdict/problem-titles';
import { VERDICT_LOOK } from '@/app/_components/verdict/verdicts';
import { PROBLEM_VERDICT } from '@/lib/core/chain/problem';
import type { RecordDetail } from '@/lib/schemas/chains';

/** Whether the record holds: its problems with expected against found, then its hashes. */
export function RecordProof({ record }: { record: RecordDetail }) {
  const holds = record.hash !== '' && record.computedHash === record.hash;
  return (
    <section aria-label="Integrity" className="space-y-3">
      {record.problems.length === 0 && (
        <div>
          <p className="flex items-center gap-2 font-medium text-v-verified">
            <SealCheck size={18} />
            {holds ? 'Its hash covers these bytes' : 'No problem at this record'}
          </p>
          <p className="text-muted">{inWords(record, holds)}</p>
        </div>
      )}
      {record.problems.map((problem) => {
        const { icon: Icon, tone } = VERDICT_LOOK[PROBLEM_VERDICT[problem.code]];
        return (
          <div key={`${problem.code} ${problem.byteOffset}`} className="space-y-2">
            <h3 className="flex items-center gap-2 font-medium" style={{ color: tone }}>
              <Icon size={18} />
              {PROBLEM_TITLES[problem.code]}
            </h3>
            <p>{problem.message}</p>
            <HashCompare expected={problem.expected} found={problem.found} />
          </div>
        );
      })}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-start gap-x-4 gap-y-0.5 rounded-md border p-3">
        <Line label="Hash claimed" value={record.hash || null} />
        <Line label="Hash computed" value={record.computedHash} />
        <Line label="Record before" value={record.prevHash} />
        <Line label="Segment" value={record.segmentDigest} none="still open" />
      </dl>
    </section>
  );
}

/** What was compared, and what came of it. */
function inWords({ ordinal, prevHash, segmentDigest }: RecordDetail, holds: boolean): string {
  const own = holds
    ? 'It was read from evidence just now, and hashed to what it states itself.'
    : 'Its format gives it no hash of its own that covers these bytes.';
  const link =
    prevHash === null
      ? ' It names no record before it.'
      : ordinal === 0
        ? ' It begins the chain as its format does.'
        : ` It names the hash of record ${formatCount(ordinal - 1)}, and the check of the chain found that this is so.`;
  return `${own}${link}${segmentDigest === null ? ' Its segment is still open.' : ''}`;
}

function Line({ label, value, none = 'none' }: { label: string; value: string | null; none?: string }) {
  return (
    <>
      <dt className="pt-1 text-xs whitespace-nowrap text-faint">{label}</dt>
      <dd>{value ? <Hash value={value} whole /> : <span className="text-xs leading-6 text-faint">{none}</span>}</dd>
    </>
  );
}
