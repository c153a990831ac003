import { api } from '../api/client';
import { sayError } from '../api/request-error';
import { toastError } from '../ui/toasts';

/** Puts the session into another workspace and goes there: nothing of the one before stays in the page. */
export async function switchWorkspace(id: string, to = '/'): Promise<void> {
  try {
    await api(null, '/api/v1/me/workspace', { method: 'PUT', body: { id } });
    window.location.assign(to);
  } catch (error) {
    toastError('You are still in the same workspace', sayError(error));
  }
}
