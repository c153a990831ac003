'use client';
import { type Dispatch, useEffect } from 'react';
import { toastError } from '../ui/toasts';
import { sayError } from '../api/request-error';
import { readKey } from './fingerprint';
import { FRESH, type UploadAction } from './upload';

/** Lists what this browser began to send before the page was loaded; what is whole is followed to its verdict. */
export function useLeft(dispatch: Dispatch<UploadAction>, newId: () => number): void {
  useEffect(() => {
    let isAway = false;
    if (!Object.keys(localStorage).some(readKey)) return;
    const finding = import('./left').then(({ findLeft }) => findLeft());
    finding.then(
      (found) => {
        if (isAway || found.length === 0) return;
        const uploads = found.map((left) => {
          const { name, sizeBytes, fingerprint, chain, sentBytes } = left;
          return {
            ...FRESH,
            id: newId(),
            name,
            sizeBytes,
            fingerprint,
            chain,
            file: null,
            left,
            sentBytes,
            phase: sentBytes === sizeBytes ? ('waiting' as const) : ('left' as const),
          };
        });
        dispatch({ type: 'add', uploads });
      },
      (error: unknown) => toastError('Uploads begun before are not shown', sayError(error)),
    );
    return () => {
      isAway = true;
    };
  }, [dispatch, newId]);
}
