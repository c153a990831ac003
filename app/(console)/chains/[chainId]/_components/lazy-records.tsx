'use client';
import { type ComponentProps, lazy } from 'react';
import type { RecordsTab as Tab } from './records-tab';

const Loaded = lazy(() => import('./records-tab').then((loaded) => ({ default: loaded.RecordsTab })));

/** The explorer of the chain's records, in a part of its own: the other views do without it. */
export function RecordsTab(props: ComponentProps<typeof Tab>) {
  return <Loaded {...props} />;
}
