'use client';
import { ScrollText } from 'lucide-react';
import type { ReactNode } from 'react';
import { RequestError, sayError } from '@/app/_components/api/request-error';
import { Empty } from '@/app/_components/ui/empty';
import type { Pages } from './use-pages';

/** In the place of rows there are none of; `children` say what to do about it. */
export function NothingFound({ failed, children }: { failed: boolean; children: ReactNode }) {
  return (
    <Empty icon={<ScrollText size={20} />} title={failed ? 'Nothing could be looked for' : 'No record is found'}>
      {failed ? 'The search above says why.' : children}
    </Empty>
  );
}

/** How much is found, as `children` say it, or that it could not be read. What is wrong with the search is said where it is written. */
export function FoundOrFailed({ of: { state, error, retry }, children }: { of: Pages; children: ReactNode }) {
  if (state === 'loading') return 'Looking…';
  if (state !== 'failed' || (error instanceof RequestError && error.status === 400)) return children;
  return (
    <span className="text-v-tampered">
      Records could not be read. {sayError(error)}{' '}
      <button type="button" className="link" onClick={retry}>
        Try again
      </button>
    </span>
  );
}
