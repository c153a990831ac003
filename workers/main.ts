import 'server-only';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { closeContext, composeContext } from '@/lib/compose';
import { buildId } from '@/lib/config/build';
import { readEnv } from '@/lib/config/env';
import { runWorkspaces } from './run-workspaces';
import { watchLogs } from './watch-logs';

const env = readEnv();
const [ctx, build] = await Promise.all([composeContext(env, 'worker'), buildId(env.rootDir)]);
const workerId = `${hostname()}:${process.pid}:${randomUUID()}`;

const running = await runWorkspaces(ctx, { workerId, build });
const watch = watchLogs(ctx);
process.send?.({ type: 'ready' });
ctx.log.info({ workerId }, 'worker ready');

process.once('SIGTERM', () => void end());
process.once('SIGINT', () => void end());
process.once('disconnect', () => void end());

let ended = false;
async function end(): Promise<void> {
  if (ended) return;
  ended = true;
  await Promise.all([running.stop(), watch.stop()]);
  await closeContext(ctx).catch(() => undefined); // the process ends anyway
  process.exit(0);
}
