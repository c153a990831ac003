import * as z from 'zod';
import { api, sayError } from '../api/client';
import { toastError } from '../ui/toasts';

/** Ends the session and leaves nothing of it in the page. */
export async function signOut(): Promise<void> {
  try {
    await api(z.unknown(), '/api/auth/sign-out', { method: 'POST', body: {} });
    window.location.assign('/sign-in');
  } catch (error) {
    toastError('You are still signed in', sayError(error));
  }
}
