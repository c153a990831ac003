'use client';
import { useState } from 'react';
import { sayError } from '../api/request-error';
import { toastError } from './toasts';

/** `leaving`: the next page is on its way, and until it is there nothing more can be sent. */
export type Sent = Promise<'leaving' | void>;

type Options = {
  /** What to tell of a failure. */
  say?: ((cause: unknown) => string) | undefined;
  /** Title of a toast that tells of a failure. Without it the failure is in `error`, to be shown where it was sent from. */
  failed?: string;
};

export type Submit = {
  busy: boolean;
  error: string | null;
  submit: (send: () => Sent) => void;
  clearError: () => void;
};

/** Sends something and says whether it is on its way and what went wrong. */
export function useSubmit({ say = sayError, failed }: Options = {}): Submit {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  async function run(send: () => Sent): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      if ((await send()) === 'leaving') return;
    } catch (cause) {
      if (failed === undefined) setError(say(cause));
      else toastError(failed, say(cause));
    }
    setBusy(false);
  }
  return { busy, error, submit: (send) => void run(send), clearError: () => setError(null) };
}
