'use client';
import { ScrollText } from 'lucide-react';
import type { ReactNode } from 'react';
import { RequestError, sayError } from '@/app/_components/api/request-error';
import { Button } from '@/app/_components/ui/button';
import { Empty } from '@/app/_components/ui/empty';
import type { Pages } from './use-pages';

/** In the place of rows there are none of; `children` say what to do about it. */
export function NothingFound({ of, children }: { of: Failing; children: ReactNode }) {
  const { state, error, retry } = of;
  if (state !== 'failed') {
    return (
      <Empty icon={<ScrollText size={20} />} title="No record is found">
        {children}
      </Empty>
    );
  }
  return isAskedWrongly(of) ? (
    <Empty icon={<ScrollText size={20} />} title="Nothing could be looked for">
      The search above says why.
    </Empty>
  ) : (
    <Empty
      icon={<ScrollText size={20} />}
      title="Records could not be read"
      actions={<Button onClick={retry}>Try again</Button>}
    >
      {sayError(error)}
    </Empty>
  );
}

type Failing = Pick<Pages, 'state' | 'error' | 'retry'>;

/** What is wrong with the search is said where it is written. */
function isAskedWrongly({ state, error }: Failing): boolean {
  return state === 'failed' && error instanceof RequestError && error.status === 400;
}

/** How much is found, as `children` say it, or that it could not be read. */
export function FoundOrFailed({ of, children }: { of: Failing; children: ReactNode }) {
  const { state, error, retry } = of;
  if (state === 'loading') return 'Looking…';
  if (state !== 'failed' || isAskedWrongly(of)) return children;
  return (
    <span className="text-v-tampered">
      Records could not be read. {sayError(error)}{' '}
      <button type="button" className="link min-h-6" onClick={retry}>
        Try again
      </button>
    </span>
  );
}
