'use client';
import { type ComponentProps, Suspense, lazy } from 'react';
import { useWanted } from '../ui/dialog';
import type { RecordPanel as Panel } from './record-panel';

const Loaded = lazy(() => import('./record-panel').then(({ RecordPanel }) => ({ default: RecordPanel })));

/** A record beside its list. Loaded, with what reads it, when one is first opened. */
export function RecordPanel(props: ComponentProps<typeof Panel>) {
  return (
    useWanted(props.record !== null) && (
      <Suspense fallback={null}>
        <Loaded {...props} />
      </Suspense>
    )
  );
}
