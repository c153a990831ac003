import { existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../root';

export type PartName = 'postgres' | 'clickhouse' | 'web' | 'worker';

export type Options = {
  readonly dev: boolean;
  /** Real path, exists. */
  readonly dataDir: string;
  /** Processes to run here, in dependency order. */
  readonly parts: readonly PartName[];
  readonly host: string;
  /** Null: 7325, or the next free one. */
  readonly port: number | null;
  /** Where the user says browsers reach us; null: made from host and port. */
  readonly publicUrl: string | null;
};

/** A wrong option or variable, told to the person who started us; no stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads command line and environment; makes the data directory. Throws UsageError. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Options {
  const { dev, only } = parse(args);
  const chosen = only.flatMap((part) => part.split(',')).map((part) => part.trim());
  for (const part of chosen)
    if (part !== 'web' && part !== 'worker') throw new UsageError(`--only takes web or worker, not "${part}".`);
  if (chosen.length > 0) requireAll(env, ['DATABASE_URL', 'CLICKHOUSE_URL', 'EVIDENCE_URL', 'SEALTRAIL_SECRET']);
  if (chosen.length > 0 && !chosen.includes('web')) requireAll(env, ['SEALTRAIL_URL']);
  const parts: PartName[] = [];
  if (chosen.length === 0 && !env['DATABASE_URL']) parts.push('postgres');
  if (chosen.length === 0 && !env['CLICKHOUSE_URL']) parts.push('clickhouse');
  for (const part of ['web', 'worker'] as const) if (chosen.length === 0 || chosen.includes(part)) parts.push(part);
  return {
    dev,
    dataDir: makeDataDir(path.resolve(ROOT, env['SEALTRAIL_DATA_DIR'] || '.sealtrail')),
    parts,
    host: env['SEALTRAIL_HOST'] || '127.0.0.1',
    port: env['SEALTRAIL_PORT'] ? portNumber(env['SEALTRAIL_PORT']) : null,
    publicUrl: env['SEALTRAIL_URL'] || null,
  };
}

function parse(args: readonly string[]): { dev: boolean; only: string[] } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { dev: { type: 'boolean', default: false }, only: { type: 'string', multiple: true, default: [] } },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function requireAll(env: NodeJS.ProcessEnv, names: readonly string[]): void {
  const missing = names.filter((name) => !env[name]);
  if (missing.length > 0)
    throw new UsageError(`--only runs without the built-in parts and needs ${missing.join(', ')} set.`);
}

function makeDataDir(dir: string): string {
  if (!existsSync(dir)) mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (!statSync(dir).isDirectory()) throw new UsageError(`The data directory ${dir} is not a directory.`);
  return realpathSync(dir);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new UsageError(`SEALTRAIL_PORT must be a number from 1 to 65535, not "${text}".`);
  return port;
}
