import { api } from '@/app/_components/api/client';

/** Starts a session and goes to a path of this server, the whole page read again. Throws RequestError when refused. */
export async function signIn(email: string, password: string, to = '/'): Promise<'leaving'> {
  await api(null, '/api/auth/sign-in/email', { method: 'POST', body: { email, password } });
  window.location.assign(to);
  return 'leaving';
}
