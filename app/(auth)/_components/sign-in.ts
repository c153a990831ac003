import { api } from '@/app/_components/api/client';

/** Whether a second factor is asked for beside the password: better-auth answers with the person, or we with that. */
const Begun = {
  parse: (answer: unknown) => typeof answer === 'object' && answer !== null && 'secondFactor' in answer,
};

/** Starts a session, or the second step of it, and goes on to a path of this server, the whole page read again. Throws RequestError when refused. */
export async function signIn(email: string, password: string, to = '/'): Promise<'leaving'> {
  const needsMore = await api(Begun, '/api/auth/sign-in/email', { method: 'POST', body: { email, password } });
  window.location.assign(needsMore ? `/sign-in/second-factor?to=${encodeURIComponent(to)}` : to);
  return 'leaving';
}
