import { LoaderCircle } from 'lucide-react';
import { buttonClass } from '@/app/_components/ui/button';
import type { Verifier } from './use-verifier';

/** While files wait for what checks them: that it is on its way, or did not come. */
export function WorkerState({ worker, onRetry }: { worker: Verifier['worker']; onRetry(): void }) {
  if (worker === 'starting')
    return (
      <p role="status" className="card mb-4 flex items-center gap-2 p-4 text-muted">
        <LoaderCircle size={16} aria-hidden />
        Fetching what checks your files. They stay on this machine.
      </p>
    );
  if (worker !== 'absent') return null;
  return (
    <div role="alert" className="card mb-4 border-v-tampered/50 p-4">
      <p className="text-v-tampered">What checks your files could not be fetched, so nothing was checked.</p>
      <p className="mt-1 text-muted">
        Connect and try again; your files are kept. If it goes on, load this page anew: it may be of an earlier version.
        The saved page needs no network.
      </p>
      <button type="button" onClick={onRetry} className={`${buttonClass('plain', 'sm')} mt-3`}>
        Try again
      </button>
    </div>
  );
}
