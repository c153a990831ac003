import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Ends a server still running on this cluster after its supervisor was killed, and waits until it and its backends
 * are gone. Resolves at once when there is none. Throws when they do not end.
 */
export async function endOrphan(clusterDir: string): Promise<void> {
  const running = serversOf(clusterDir);
  const [postmaster] = postmasterPid(clusterDir).filter((pid) => running.includes(pid));
  if (postmaster) {
    // It ends its backends itself.
    send(postmaster, 'SIGINT');
    if (await ended(clusterDir, 10_000)) return;
  }
  // Backends whose server died notice it by themselves, unless they are busy.
  if (await ended(clusterDir, 500)) return;
  for (const [signal, waitMs] of [
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    for (const pid of serversOf(clusterDir)) send(pid, signal);
    if (await ended(clusterDir, waitMs)) return;
  }
  throw new Error(`PostgreSQL processes ${serversOf(clusterDir).join(', ')} still hold ${clusterDir} and do not end.`);
}

async function ended(clusterDir: string, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; serversOf(clusterDir).length > 0; await sleep(25))
    if (Date.now() > end) return false;
  return true;
}

/**
 * Every PostgreSQL process of the cluster. A server and its backends have the cluster as working directory,
 * which Linux shows; elsewhere postmaster.pid alone is asked, and counts while that process lives.
 */
function serversOf(clusterDir: string): number[] {
  if (!existsSync(clusterDir)) return [];
  if (process.platform !== 'linux') return postmasterPid(clusterDir).filter(isAlive);
  const real = realpathSync(clusterDir);
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && isPostgresIn(entry, real))
    .map(Number);
}

function isPostgresIn(pid: string, dir: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === dir && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres';
  } catch {
    // It ended meanwhile, or belongs to somebody else and so is none of ours.
    return false;
  }
}

function postmasterPid(clusterDir: string): number[] {
  const file = path.join(clusterDir, 'postmaster.pid');
  if (!existsSync(file)) return [];
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  return Number.isInteger(pid) && pid > 1 ? [pid] : [];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
