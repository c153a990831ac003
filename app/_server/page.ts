import 'server-only';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { personOf } from '@/lib/access/people';
import { hasPeople } from '@/lib/access/set-up';
import { context } from '@/lib/compose';
import type { Context } from '@/lib/context';
import type { Person } from '@/lib/schemas/settings';
import { signInPath } from '@/lib/access/return-path';

/** Context and person of a signed-in page; others are sent to sign in, or to be told about the set-up link. */
export async function page(): Promise<{ ctx: Context; person: Person }> {
  const ctx = await context();
  const sent = await headers();
  const person = await personOf(ctx, sent);
  if (person?.mustEnrol) redirect('/enrol');
  if (person) return { ctx, person };
  redirect(ctx.env.oidc?.isOnly || (await hasPeople(ctx)) ? signInPath(sent.get('x-sealtrail-address')) : '/setup');
}
