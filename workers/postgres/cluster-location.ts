import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { type Account, asUser, asUserPastDirectories, canRun, mayEnter, nobody, ourselves, type User } from './account';
import { installedBinaries } from './binaries';

/** Where the programs and the cluster lie and who runs them. */
export type ClusterLocation = { readonly binariesDir: string; readonly clusterDir: string; readonly account: Account };

/** Used only where root can neither hand over its directories nor pass on the right to enter them. */
const SYSTEM_DIR = '/var/lib/sealtrail';

/**
 * Decides where the cluster of a data directory lives; a move to the system directory is remembered,
 * so that a later start finds the same cluster. An ordinary user keeps everything in place.
 * As root: a plain switch to `nobody`, else the same with the right to pass root-only directories,
 * else copies below /var/lib/sealtrail. Throws when none of them works.
 */
export function locateCluster(dataDir: string): ClusterLocation {
  const binariesDir = installedBinaries();
  const inPlace = path.join(dataDir, 'postgres');
  if (process.getuid?.() !== 0) return { binariesDir, clusterDir: inPlace, account: ourselves };

  const note = path.join(dataDir, 'postgres.location');
  if (existsSync(note)) return inSystemDir(binariesDir, readFileSync(note, 'utf8').trim());

  const user = ownerOf(inPlace) ?? nobody();
  chownSync(dataDir, 0, user.gid);
  chmodSync(dataDir, 0o710);
  const plain = asUser(user);
  if (mayEnter(user, inPlace) && canRun(plain, binariesDir))
    return { binariesDir, clusterDir: inPlace, account: plain };
  const capable = asUserPastDirectories(user);
  if (canRun(capable, binariesDir)) return { binariesDir, clusterDir: inPlace, account: capable };

  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const moved = inSystemDir(binariesDir, path.join(SYSTEM_DIR, name, 'postgres'));
  writeFileSync(note, `${moved.clusterDir}\n`, { mode: 0o600 });
  return moved;
}

function inSystemDir(binariesDir: string, clusterDir: string): ClusterLocation {
  for (const dir of [SYSTEM_DIR, path.dirname(clusterDir)]) {
    mkdirSync(dir, { recursive: true });
    chmodSync(dir, 0o711);
  }
  const account = asUser(ownerOf(clusterDir) ?? nobody());
  const copy = copyPrograms(binariesDir);
  if (canRun(account, copy)) return { binariesDir: copy, clusterDir, account };
  throw new Error(
    `PostgreSQL refuses to run as root and user ${account.owner?.uid} cannot run it, neither in place nor in ${copy}. ` +
      'Start Sealtrail as an ordinary user, or set DATABASE_URL to a PostgreSQL server of your own.',
  );
}

/** World-readable copy named by the content of the server program: an update makes a new one. */
function copyPrograms(binariesDir: string): string {
  const digest = createHash('sha256')
    .update(readFileSync(path.join(binariesDir, 'bin', 'postgres')))
    .digest('hex');
  const copy = path.join(SYSTEM_DIR, `programs-${digest.slice(0, 16)}`);
  if (existsSync(copy)) return copy;
  const partial = `${copy}.${process.pid}`;
  cpSync(binariesDir, partial, { recursive: true, verbatimSymlinks: true });
  readableByAll(partial);
  try {
    renameSync(partial, copy);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

function readableByAll(dir: string): void {
  for (const entry of ['.', ...readdirSync(dir, { recursive: true, encoding: 'utf8' })]) {
    const found = lstatSync(path.join(dir, entry));
    if (found.isSymbolicLink()) continue;
    const executable = found.isDirectory() || (found.mode & 0o100) !== 0;
    chmodSync(path.join(dir, entry), found.mode | (executable ? 0o555 : 0o444));
  }
}

function ownerOf(clusterDir: string): User | null {
  if (!existsSync(clusterDir)) return null;
  const { uid, gid } = statSync(clusterDir);
  return uid === 0 ? null : { uid, gid };
}
