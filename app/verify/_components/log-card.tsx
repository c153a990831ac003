import { formatBytes } from '@/app/_components/format/bytes';
import { formatCount } from '@/app/_components/format/number';
import { Card } from '@/app/_components/ui/card';
import { Hash } from '@/app/_components/ui/hash';
import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import type { LogChecked } from '@/lib/verify/page/outcome';
import { Problems } from './problems';
import { Rows } from './rows';

type Walked = Extract<LogChecked['state'], { kind: 'walked' }>;

/** A log, walked again record by record. */
export function LogCard({ log: { files, format, state, rows } }: { log: LogChecked }) {
  const name = files.length > 2 ? `${files.length} pieces of one chain` : files.join(', ');
  return (
    <Card title={<span className="[overflow-wrap:anywhere]">{name}</span>} aside={`audit log of ${format}`} flush>
      {state.kind === 'walking' && <p className="px-4 py-3.5 text-muted">Waiting to be walked, record by record.</p>}
      {state.kind === 'failed' && <p className="px-4 py-3.5 text-v-tampered">{state.message}</p>}
      {state.kind === 'walked' && <Verdict state={state} />}
      {rows.length > 0 && (
        <div className="border-t">
          <Rows rows={rows} label={`Checks of ${name}`} />
        </div>
      )}
      {state.kind === 'walked' && state.problems.length > 0 && (
        <Problems problems={state.problems} counts={state.problemCounts} name={name} />
      )}
    </Card>
  );
}

function Verdict({ state: { verdict, sentence, records, sizeBytes, head } }: { state: Walked }) {
  return (
    <div className="px-4 py-3.5">
      <p>
        <VerdictMark verdict={verdict} size="lg" />
      </p>
      <p className="mt-1 max-w-[76ch] text-lg">{sentence}</p>
      <dl className="mt-2 grid grid-cols-1 gap-x-4 gap-y-0.5 sm:grid-cols-[auto_minmax(0,1fr)]">
        <dt className="text-faint">Records</dt>
        <dd className="tabular">
          {formatCount(records)} in {formatBytes(sizeBytes)}
        </dd>
        {head !== null && (
          <>
            <dt className="text-faint">Last hash</dt>
            <dd>
              <Hash value={head} whole />
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}
