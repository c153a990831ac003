import { Health } from '@/lib/schemas/settings';

/** How the server says it is. Throws when it does not answer. */
export async function askHealth(): Promise<Health> {
  // a server in trouble answers 503 with the same body
  return Health.parse(await (await fetch('/api/v1/health')).json());
}
