import 'server-only';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import type { Tx } from '../../db/database';
import { DEFAULT_WORKSPACE } from '../../schemas/workspace-id';
import type { Actor } from '../actor';
import { inWorkspace } from './workspaces';

type Act = Parameters<typeof audit.append>[2];

/**
 * Records what a further workspace does to an account, which is the installation's: in the default workspace too, first there, as whatever is recorded in
 * two. `there` is what it is for the installation, where that is something else.
 */
export async function recordOfAccount(ctx: Context, tx: Tx, actor: Actor, act: Act, there: Act = act): Promise<void> {
  if (ctx.env.workspaceId !== DEFAULT_WORKSPACE)
    await inWorkspace(tx, DEFAULT_WORKSPACE, () => audit.append(tx, actor, there));
  await audit.append(tx, actor, act);
}
