import 'server-only';
import type { Context } from '../context';
import { systemActor } from './actor';

/** Whoever set up this installation: nobody is signed in then. */
export const SETUP = systemActor('setup');

/** Whether anybody can sign in yet. */
export async function hasPeople(ctx: Context): Promise<boolean> {
  const row = await ctx.db.selectFrom('user').select('id').limit(1).executeTakeFirst();
  return row !== undefined;
}
