import 'server-only';
import { listWorkspaces } from '@/lib/access/workspaces/workspaces';
import { contextOf } from '@/lib/compose';
import type { Context } from '@/lib/context';
import { type Running, runWorkspace } from './run-workspace';

const LOOK_MS = 2_000;
/** One that could not be begun is tried again after so long. */
const AGAIN_MS = 30_000;

/**
 * Runs the default workspace, and each further one as soon as it is on record: one that cannot be begun, or fails, keeps nobody waiting but itself. Resolves when
 * the default one runs.
 */
export async function runWorkspaces(
  installation: Context,
  worker: { workerId: string; build: string },
): Promise<Running> {
  const own = await runWorkspace(installation, worker);
  const begun = new Map<string, Promise<Running | null>>();
  const notBeforeMs = new Map<string, number>();
  const begin = async (id: string): Promise<Running | null> => {
    try {
      const ctx = await contextOf(installation, id);
      const running = await runWorkspace(ctx, worker);
      ctx.log.info({ workerId: worker.workerId }, 'workspace is worked on');
      return running;
    } catch (error) {
      installation.log.warn({ err: error, workspace: id }, 'a workspace is not worked on');
      notBeforeMs.set(id, performance.now() + AGAIN_MS);
      begun.delete(id);
      return null;
    }
  };
  const look = async () => {
    for (const { id } of await listWorkspaces(installation))
      if (id !== installation.env.workspaceId && !begun.has(id) && performance.now() >= (notBeforeMs.get(id) ?? 0))
        begun.set(id, begin(id));
  };
  const looking = () =>
    void look().catch((error: unknown) => installation.log.warn({ err: error }, 'new workspaces are not looked for'));
  looking();
  const timer = setInterval(looking, LOOK_MS);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all([own.stop(), ...[...begun.values()].map(async (running) => (await running)?.stop())]);
    },
  };
}
