import { CircleDashed, Download, LoaderCircle, Square } from 'lucide-react';
import { clsx } from 'clsx';
import { formatBytes, formatSpeed } from '@/app/_components/format/bytes';
import { formatNoun } from '@/app/_components/format/number';
import { buttonClass } from '@/app/_components/ui/button';
import { SealCheck, SealCracked } from '@/app/_components/verdict/icons';
import type { Progress } from '@/lib/verify/page/messages';
import type { Report } from '@/lib/verify/page/outcome';

const LOOK = {
  holds: { icon: SealCheck, tone: 'text-v-verified', edge: 'border-l-v-verified' },
  fails: { icon: SealCracked, tone: 'text-v-tampered', edge: 'border-l-v-tampered' },
  unchecked: { icon: CircleDashed, tone: 'text-v-warnings', edge: 'border-l-v-warnings' },
  nothing: { icon: CircleDashed, tone: 'text-v-unchained', edge: 'border-l-v-unchained' },
  working: { icon: LoaderCircle, tone: 'text-v-pending', edge: 'border-l-v-pending' },
} as const;

/** What everything comes to, and how far the reading is. */
export function Result({
  report: { outcome, headline, lead },
  progress,
  onStop,
  onSave,
}: {
  report: Report;
  progress: Progress | null;
  onStop(): void;
  onSave(): void;
}) {
  const { icon: Icon, tone, edge } = LOOK[outcome];
  return (
    <section aria-label="Result" className={clsx('card mt-2 mb-4 border-l-4 p-5', edge)}>
      <div role="status">
        <h1 className={clsx('flex items-start gap-2.5 text-2xl font-semibold tracking-[-0.018em]', tone)}>
          <Icon size={28} className="mt-0.5 shrink-0" aria-hidden />
          {headline}
        </h1>
        <p className="mt-2 max-w-[76ch] text-lg [overflow-wrap:anywhere]">{lead}</p>
      </div>
      {(outcome === 'holds' || outcome === 'fails' || outcome === 'unchecked') && (
        <button type="button" onClick={onSave} className={clsx(buttonClass('plain', 'sm'), 'mt-3')}>
          <Download size={14} aria-hidden />
          Save the result
        </button>
      )}
      {progress && progress.totalBytes > 0 && <Reading progress={progress} onStop={onStop} />}
    </section>
  );
}

function Reading({
  progress: { what, doneBytes, totalBytes, bytesPerSecond, waiting },
  onStop,
}: {
  progress: Progress;
  onStop(): void;
}) {
  const percent = Math.floor((doneBytes / totalBytes) * 100);
  return (
    <div className="mt-4 flex items-center gap-4">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap justify-between gap-x-4 text-muted">
          <span className="[overflow-wrap:anywhere]">{what}</span>
          <span className="tabular">
            {percent}%, {formatBytes(doneBytes)} of {formatBytes(totalBytes)}, {formatSpeed(bytesPerSecond)}
          </span>
        </p>
        {waiting > 0 && (
          <p className="text-muted">
            {formatNoun(waiting, 'more file')} {waiting === 1 ? 'waits' : 'wait'} for its end.
          </p>
        )}
        <progress
          aria-label={what === 'Comparing' ? what : `Reading ${what}`}
          value={percent}
          max={100}
          className="mt-1.5 block h-1.5 w-full appearance-none overflow-hidden rounded-md bg-sunken [&::-moz-progress-bar]:bg-v-pending [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-v-pending"
        />
      </div>
      <button type="button" onClick={onStop} className={buttonClass('plain', 'sm')}>
        <Square size={12} aria-hidden />
        Stop
      </button>
    </div>
  );
}
