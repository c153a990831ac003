import 'server-only';
import type { z } from 'zod';
import type { Context } from '../context';
import type { Health } from '../schemas/settings';
import { gauge } from './exposition';
import { getHealth } from './health';

/** How the default workspace is, and whether any of the further ones is worse; which of them is said to nobody who only asks. */
export async function getInstallationHealth(
  installation: Context,
  further: readonly Context[],
): Promise<z.output<typeof Health>> {
  const [own, ...others] = await Promise.all([installation, ...further].map(getHealth));
  if (!own) throw new Error('there is always the default workspace');
  const worst = others.find(({ status }) => status === 'down') ?? others.find(({ status }) => status !== 'ok');
  if (own.status !== 'ok' || !worst) return own;
  return {
    ...own,
    status: 'degraded',
    cause: `in a further workspace: ${worst.cause ?? 'a part does not answer'}`,
    since: worst.since,
  };
}

/** Of each further workspace whether it is well. */
export async function workspaceSeries(further: readonly Context[]): Promise<string[]> {
  if (further.length === 0) return [];
  const found = await Promise.all(
    further.map(
      async (ctx): Promise<[string, number]> => [
        `workspace="${ctx.env.workspaceId}"`,
        (await getHealth(ctx)).status === 'ok' ? 0 : 1,
      ],
    ),
  );
  return gauge('sealtrail_workspace_degraded', 'Whether a further workspace is not well', found);
}
