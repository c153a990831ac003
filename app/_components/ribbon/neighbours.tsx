'use client';
import { type ComponentProps, Suspense, lazy } from 'react';
import type { Neighbours as Read } from './neighbours-read';

const Loaded = lazy(() => import('./neighbours-read').then((loaded) => ({ default: loaded.Neighbours })));

/** The records around one, loaded where they are shown. */
export function Neighbours(props: ComponentProps<typeof Read>) {
  return (
    <Suspense fallback={null}>
      <Loaded {...props} />
    </Suspense>
  );
}
