import 'server-only';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { type SignedInPerson, personOf } from '@/lib/access/people';
import { hasPeople } from '@/lib/access/set-up';
import { context, contextOf } from '@/lib/compose';
import type { Context } from '@/lib/context';
import { signInPath } from '@/lib/access/return-path';

type Member = SignedInPerson & { workspaceId: string };

/** Context of the workspace and person of a signed-in page; others are sent to sign in, or to be told about the set-up link, or that they are a member of no workspace. */
export async function page(): Promise<{ ctx: Context; person: Member }> {
  const ctx = await context();
  const sent = await headers();
  const person = await personOf(ctx, sent);
  if (person?.mustEnrol) redirect('/enrol');
  if (person?.workspaceId === null) redirect('/no-workspace');
  if (person)
    return { ctx: await contextOf(ctx, person.workspaceId), person: { ...person, workspaceId: person.workspaceId } };
  redirect(ctx.env.oidc?.isOnly || (await hasPeople(ctx)) ? signInPath(sent.get('x-sealtrail-address')) : '/setup');
}
