import { api } from '../api/client';
import { sayError } from '../api/request-error';
import { toastError } from '../ui/toasts';

/** Ends the session and leaves nothing of it in the page. */
export async function signOut(): Promise<void> {
  try {
    await api(null, '/api/auth/sign-out', { method: 'POST', body: {} });
    window.location.assign('/sign-in');
  } catch (error) {
    toastError('You are still signed in', sayError(error));
  }
}
