import { ShieldCheck } from 'lucide-react';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Empty } from '@/app/_components/ui/empty';
import { ExportCsv } from '@/app/_components/ui/export-csv';
import { VERDICT_LOOK } from '@/app/_components/verdict/verdicts';
import { PROBLEM_VERDICT, type ProblemCode } from '@/lib/core/chain/problem';
import { VERDICTS } from '@/lib/core/chain/verdict';
import type { ChainDetail } from '@/lib/schemas/chains';
import { ProblemGroup } from './problem-group';
import { ReSerialisedNotice } from './re-serialised-notice';
import { RepairDialog } from './lazy-parts';

/** Everything found, worst kind first, places of one kind together. */
export function ProblemsTab({ chain }: { chain: ChainDetail }) {
  if (chain.problemsTotal === 0) {
    return (
      <div className="card">
        <Empty
          icon={<ShieldCheck size={20} />}
          title={
            chain.verdict === 'pending'
              ? 'Nothing found so far'
              : chain.damage
                ? 'No problems found before'
                : 'No problems'
          }
        >
          {chain.verdict === 'pending' ? 'The chain is still being checked.' : VERDICT_LOOK[chain.verdict].meaning}
        </Empty>
      </div>
    );
  }
  const groups = Map.groupBy(chain.problems, ({ code }) => code);
  const codes = [...groups.keys()].toSorted((a, b) => rank(a) - rank(b));
  return (
    <>
      <ReSerialisedNotice chain={chain} />
      <div className="mb-2 flex items-center justify-between gap-3 text-xs text-muted">
        <p>
          {formatNoun(chain.problemsTotal, 'problem')}
          {chain.problemsTotal > chain.problems.length &&
            `; the first ${formatCount(chain.problems.length)} in file order are shown here`}
        </p>
        <div className="flex flex-wrap items-center justify-end gap-2">
          {chain.problemCounts['torn-tail'] && <RepairDialog chainId={chain.id} />}
          <ExportCsv href={`/api/v1/chains/${chain.id}/tables/problems.csv`} rows={chain.problemsTotal} />
        </div>
      </div>
      <div className="space-y-4">
        {codes.map((code) => (
          <ProblemGroup
            key={code}
            chainId={chain.id}
            records={chain.records}
            code={code}
            problems={groups.get(code) ?? []}
            total={chain.problemCounts[code] ?? 0}
          />
        ))}
      </div>
    </>
  );
}

function rank(code: ProblemCode): number {
  return VERDICTS.indexOf(PROBLEM_VERDICT[code]);
}
