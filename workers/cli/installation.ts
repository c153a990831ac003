import path from 'node:path';
import { closeContext, composeContext, contextOf } from '@/lib/compose';
import type { Context } from '@/lib/context';
import { readEnv } from '@/lib/config/env';
import { DEFAULT_WORKSPACE } from '@/lib/schemas/workspace-id';
import { ROOT } from '../root';
import { readRunFile } from '../supervisor/run-file';
import { unfinishedRestore } from '../supervisor/unfinished-restore';
import { CliError } from './cli-error';

/**
 * Runs `work` in a workspace of the installation, the default one where none is named: the one whose addresses the environment gives, else the one that runs on this
 * checkout's data directory (or SEALTRAIL_DATA_DIR). Throws CliError when there is none.
 */
export async function withInstallation<T>(
  work: (ctx: Context) => Promise<T>,
  workspaceId = process.env['SEALTRAIL_WORKSPACE'] || DEFAULT_WORKSPACE,
): Promise<T> {
  // The log goes to stdout, which belongs to the command's answer.
  const ctx = await composeContext(
    readEnv({ LOG_LEVEL: 'silent', ...process.env, ...installationEnv(process.env) }),
    'cli',
  );
  try {
    return await work(await contextOf(ctx, workspaceId));
  } finally {
    await closeContext(ctx);
  }
}

/** Environment of the running installation. Throws CliError when nothing runs and the environment does not say where. */
export function installationEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const needed = ['DATABASE_URL', 'CLICKHOUSE_URL', 'EVIDENCE_URL', 'SEALTRAIL_URL', 'SEALTRAIL_SECRET'];
  if (needed.every((name) => env[name])) return { ...env, SEALTRAIL_ROOT: env['SEALTRAIL_ROOT'] || ROOT };
  const dataDir = path.resolve(ROOT, env['SEALTRAIL_DATA_DIR'] || '.sealtrail');
  const unfinished = unfinishedRestore(dataDir);
  if (unfinished !== null) throw new CliError(unfinished);
  const run = readRunFile(dataDir);
  if (run) return { ...env, ...run.env };
  throw new CliError(
    `no Sealtrail runs on ${dataDir}. Start it with \`npm start\`, point SEALTRAIL_DATA_DIR at its data directory, or set ${needed.join(', ')}.`,
  );
}
