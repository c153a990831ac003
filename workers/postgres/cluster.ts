import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PROGRAM_ENV } from './account';
import type { ClusterLocation } from './cluster-location';

export const SUPERUSER = 'sealtrail';

/**
 * Makes the cluster unless it is there: checksummed pages, UTF-8 with the built-in C.UTF-8 collation
 * (no index depends on the machine's locale library), passwords by SCRAM. Written beside and renamed,
 * so an interrupted first start leaves nothing half made.
 */
export async function ensureCluster(
  { binariesDir, clusterDir, account }: ClusterLocation,
  password: string,
): Promise<void> {
  if (existsSync(path.join(clusterDir, 'PG_VERSION'))) return;
  const partial = `${clusterDir}.new`;
  const passwordFile = `${clusterDir}.password`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { mode: 0o700, recursive: true });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account.owner) {
    for (const entry of [partial, passwordFile]) chownSync(entry, account.owner.uid, account.owner.gid);
  }
  try {
    const { file, args } = account.command(path.join(binariesDir, 'bin', 'initdb'), [
      '--pgdata',
      partial,
      '--username',
      SUPERUSER,
      '--pwfile',
      passwordFile,
      '--auth',
      'scram-sha-256',
      '--encoding',
      'UTF8',
      '--locale',
      'C',
      '--locale-provider',
      'builtin',
      '--builtin-locale',
      'C.UTF-8',
      '--data-checksums',
    ]);
    await run(file, args, { ...account.spawnOptions, cwd: partial });
    renameSync(partial, clusterDir);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function run(
  file: string,
  args: readonly string[],
  options: { cwd: string; uid?: number; gid?: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...options, env: PROGRAM_ENV, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      // oxlint-disable-next-line house/no-decision-on-words -- initdb has one status for whatever it finds
      else if (output.includes('could not look up effective user ID'))
        reject(
          new Error(
            `User id ${process.getuid?.()} has no entry in /etc/passwd, without which PostgreSQL makes no database. Add one, run as another user, or set DATABASE_URL.`,
          ),
        );
      else reject(new Error(`initdb ended with ${code}:\n${output.trim()}`));
    });
  });
}
