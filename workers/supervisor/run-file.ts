import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { writeDurably } from './write-durably';

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
  }),
});
export type RunFile = z.infer<typeof RunFile>;

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
