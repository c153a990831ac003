'use client';
import { lazy } from 'react';

/** The explorer of the chain's records, in a part of its own: the other views do without it. */
export const RecordsTab = lazy(() => import('./records-tab').then((loaded) => ({ default: loaded.RecordsTab })));
