import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { writeDurably } from './write-durably';

/** Whom a keyless installation without a root or a mirror of its own asks for one, as `@sigstore/tuf` does. */
export const PUBLIC_GOOD_MIRROR = 'https://tuf-repo-cdn.sigstore.dev';

/** How a command on the same machine finds the running installation: `.sealtrail/run.json`, 0600. */
const RunFile = z.object({
  pid: z.int(),
  env: z.object({
    DATABASE_URL: z.string(),
    CLICKHOUSE_URL: z.string(),
    EVIDENCE_URL: z.string(),
    SEALTRAIL_URL: z.string(),
    SEALTRAIL_SECRET: z.string(),
    SEALTRAIL_ROOT: z.string(),
    SEALTRAIL_DATA_DIR: z.string(),
    // By what bundles are checked, where that is set.
    SEALTRAIL_TRUSTED_ROOT: z.string().optional(),
    SEALTRAIL_TUF_MIRROR: z.string().optional(),
    SEALTRAIL_TUF_ROOT: z.string().optional(),
    // Where the log's key lies, when not among the secrets: a backup has it.
    SEALTRAIL_LOG_KEY_FILE: z.string().optional(),
  }),
});
export type RunFile = z.infer<typeof RunFile>;

/**
 * By what bundles of an installation with this environment are checked, with files by their full path below `root`. Whoever only checks
 * needs no signer: it stands for the mirror that a keyless one takes when none is named, and so neither it nor its token is told.
 */
export function trustVariables(
  env: Readonly<Record<string, string | undefined>>,
  root: string,
): Pick<RunFile['env'], 'SEALTRAIL_TRUSTED_ROOT' | 'SEALTRAIL_TUF_MIRROR' | 'SEALTRAIL_TUF_ROOT'> {
  const value = (name: string) => env[name] ?? '';
  const file = (name: string) => value(name) && path.resolve(root, value(name));
  const isPublicGood = env['SEALTRAIL_SIGNER'] === 'keyless' && !env['SEALTRAIL_TRUSTED_ROOT'];
  return {
    SEALTRAIL_TRUSTED_ROOT: file('SEALTRAIL_TRUSTED_ROOT'),
    SEALTRAIL_TUF_MIRROR: value('SEALTRAIL_TUF_MIRROR') || (isPublicGood ? PUBLIC_GOOD_MIRROR : ''),
    SEALTRAIL_TUF_ROOT: file('SEALTRAIL_TUF_ROOT'),
  };
}

const fileIn = (dataDir: string) => path.join(dataDir, 'run.json');

export function writeRunFile(dataDir: string, run: RunFile): void {
  writeDurably(fileIn(dataDir), `${JSON.stringify(run, null, 2)}\n`);
}

export function removeRunFile(dataDir: string): void {
  rmSync(fileIn(dataDir), { force: true });
}

/** Null when no installation runs on this data directory. */
export function readRunFile(dataDir: string): RunFile | null {
  if (!existsSync(fileIn(dataDir))) return null;
  const run = RunFile.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')));
  return isRunning(run.pid) ? run : null;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
