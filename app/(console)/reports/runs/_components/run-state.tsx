import { formatCount, formatNoun } from '@/app/_components/format/number';
import type { ReportRun } from '@/lib/schemas/report-runs';

/** What became of a run, or how far it is, in words. */
export function RunState({ run }: { run: ReportRun }) {
  if (run.damaged) return <span className="text-v-tampered">kept, but files of it are gone or altered</span>;
  if (run.state === 'done') return <>kept</>;
  if (run.state === 'cancelled') return <span className="text-muted">cancelled</span>;
  if (run.state === 'failed') return <span className="text-v-tampered">cannot be made: {run.failure}</span>;
  if (run.progress)
    return (
      <span className="text-muted">
        being made: {run.progress.file}
        {run.progress.rows > 0 && `, ${formatNoun(run.progress.rows, 'row')}`} ({formatCount(run.progress.filesDone)} of{' '}
        {formatNoun(run.progress.files, 'file')})
      </span>
    );
  return <span className="text-muted">{run.failure ? `waits: ${run.failure}` : 'waits to be made'}</span>;
}
