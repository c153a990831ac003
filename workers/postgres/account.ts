import { type SpawnOptions, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

export type User = { readonly uid: number; readonly gid: number };

/** Under whom and how PostgreSQL's programs are started. It refuses to run as root, so root must hand over. */
export type Account = {
  /** Owner that the data directory must have; null: whoever we are. */
  readonly owner: User | null;
  /** Turns a program and its arguments into what is really spawned. */
  readonly command: (program: string, args: readonly string[]) => { file: string; args: readonly string[] };
  readonly spawnOptions: Pick<SpawnOptions, 'uid' | 'gid'>;
};

/** PostgreSQL is told everything by arguments; nothing of ours, secrets least of all, is passed on. */
export const PROGRAM_ENV: NodeJS.ProcessEnv = { NODE_ENV: 'production', PATH: process.env['PATH'], LC_ALL: 'C' };

const direct = (program: string, args: readonly string[]) => ({ file: program, args });

export const ourselves: Account = { owner: null, command: direct, spawnOptions: {} };

/** Plain switch of user: works when that user may reach both the programs and the data. */
export function asUser(owner: User): Account {
  return { owner, command: direct, spawnOptions: owner };
}

/**
 * An unprivileged uid that keeps the right to pass directories only root may enter (util-linux `setpriv`).
 * `no_setuid_fixup` keeps the capabilities effective for access(2) too.
 */
export function asUserPastDirectories(owner: User): Account {
  const caps = '+dac_override,+dac_read_search';
  const prefix = [
    '--reuid',
    String(owner.uid),
    '--regid',
    String(owner.gid),
    '--clear-groups',
    '--securebits',
    '+no_setuid_fixup',
    '--inh-caps',
    caps,
    '--ambient-caps',
    caps,
  ];
  return {
    owner,
    command: (program, args) => ({ file: 'setpriv', args: [...prefix, program, ...args] }),
    spawnOptions: {},
  };
}

/** Ids of the user `nobody`, 65534 where there is no such entry. */
export function nobody(): User {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid ?? 65534) || 65534, gid: Number(gid ?? 65534) || 65534 };
}

/** Whether `postgres --version` starts under the account: its files are reachable and its libraries load. */
export function canRun(account: Account, binariesDir: string): boolean {
  const { file, args } = account.command(path.join(binariesDir, 'bin', 'postgres'), ['--version']);
  return spawnSync(file, args, { ...account.spawnOptions, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** Whether the user may pass through every directory above `target`, by owner, group and mode. */
export function mayEnter(user: User, target: string): boolean {
  for (let dir = path.dirname(path.resolve(target)); ; dir = path.dirname(dir)) {
    const { uid, gid, mode } = statSync(dir);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (dir === path.dirname(dir)) return true;
  }
}
