import { readdirSync } from 'node:fs';
import path from 'node:path';
import { systemActor } from '@/lib/access/actor';
import { logHead } from '@/lib/backup/log-head';
import { type Checked, backupBytes } from '@/lib/backup/open-backup';
import { restoreBackup } from '@/lib/backup/restore-backup';
import { closeContext, closeRestore, composeContext, composeRestore, furtherContexts } from '@/lib/compose';
import { readEnv } from '@/lib/config/env';
import type { Context } from '@/lib/context';
import { emptyLake, reloadChain } from '@/lib/lake/reload-chain';
import { forgetFigures } from '@/lib/lake/figures/keep-figures';
import { Installation } from '../supervisor/installation';
import { isHolder, takeLock } from '../supervisor/instance-lock';
import { openJournal } from '../supervisor/journal';
import { type Options as SupervisorOptions, UsageError, readOptions } from '../supervisor/options';
import { ProcessList } from '../supervisor/process-list';
import { startReaper } from '../supervisor/reaper';
import { readRunFile } from '../supervisor/run-file';
import { ensureSecrets } from '../supervisor/secrets';
import { beginRestore, endRestore, unfinishedRestore } from '../supervisor/unfinished-restore';
import { check, damagedIn, logLine, summary } from './backup';
import { CliError } from './cli-error';
import { examineAll } from './fsck';
import { print, visible } from './output';
import { readPassphrase } from './passphrase';
import { showProgress, showSections } from './progress';

export type Options = { passphraseFile?: string };

/** Reads all of a backup first, restores it where nothing is, fills the lake, and examines everything. Sets the exit status. */
export async function restore(name: string, { passphraseFile }: Options): Promise<void> {
  const file = path.resolve(name);
  const passphrase = await readPassphrase(passphraseFile, process.env);
  const checked = await check(file, passphrase);
  await print(summary(checked));
  const options = optionsOf(process.env);
  const { dataDir } = options;
  const lock = await takeLock(`data ${dataDir}`);
  if (isHolder(lock)) throw new CliError(`Sealtrail runs on ${dataDir} (process ${lock.pid}): stop it first`);
  const unfinished = unfinishedRestore(dataDir);
  if (unfinished !== null) throw new CliError(unfinished);
  if (readdirSync(dataDir).length > 0)
    throw new CliError(
      `${dataDir} is not empty: a backup is restored into an empty data directory only. Set SEALTRAIL_DATA_DIR to another`,
    );
  beginRestore(dataDir);
  await withParts(options, async (variables) => {
    const secret = process.env['SEALTRAIL_SECRET'] || null;
    await restoreAll(variables, { file, passphrase, checked, secret });
    await fillAndExamine({ ...variables, SEALTRAIL_SECRET: ensureSecrets(dataDir).auth }, checked);
  });
  endRestore(dataDir);
  await print(`Restored into ${dataDir}. Start it with npm start.\n`);
}

/** @throws CliError for a variable that is wrong. */
function optionsOf(env: NodeJS.ProcessEnv): SupervisorOptions {
  try {
    return readOptions([], env);
  } catch (error) {
    throw error instanceof UsageError ? new CliError(error.message) : error;
  }
}

/** Runs the parts of an installation that keep something, as far as they are its own, and nothing that works on it. */
async function withParts(
  options: SupervisorOptions,
  work: (variables: NodeJS.ProcessEnv) => Promise<void>,
): Promise<void> {
  const { dataDir } = options;
  const parts = options.parts.filter((part) => part === 'postgres' || part === 'clickhouse');
  const journal = { ...openJournal(dataDir), say: () => undefined };
  const processes = new ProcessList(dataDir, startReaper());
  const publicUrl = options.publicUrl ?? 'http://127.0.0.1:7325';
  const installation = new Installation({ ...options, parts, port: 0, publicUrl }, journal, processes);
  try {
    await installation.start();
    const run = readRunFile(dataDir);
    if (!run) throw new Error('the parts of the installation did not say where they are');
    await work({ LOG_LEVEL: 'silent', ...process.env, ...run.env });
  } finally {
    await installation.stop();
  }
}

async function restoreAll(
  variables: NodeJS.ProcessEnv,
  { checked, ...backup }: { file: string; passphrase: string | null; checked: Checked; secret: string | null },
): Promise<void> {
  const ctx = await composeRestore(readEnv(variables));
  let read = 0;
  const progress = showProgress(process.stderr, await backupBytes(backup.file), () => read);
  try {
    const actor = systemActor('command-line', 'command line');
    await restoreBackup(ctx, { ...backup, checked, actor, onBytes: (bytes) => (read += bytes) });
  } finally {
    progress.end();
    await closeRestore(ctx);
  }
}

/** Loads every chain into the lake, and derives everything again as fsck does. */
async function fillAndExamine(variables: NodeJS.ProcessEnv, { manifest }: Checked): Promise<void> {
  const ctx = await composeContext(readEnv(variables), 'cli');
  try {
    for (const own of [ctx, ...(await furtherContexts(ctx))]) await fillLake(own);
    await examineAll(ctx, {});
    const log = await logHead(ctx.db);
    await print(`${logLine({ log })}${log?.note === manifest.log?.note ? ', as in the manifest' : ''}\n`);
    if (damagedIn(manifest).length > 0) process.exitCode = 1;
  } finally {
    await closeContext(ctx);
  }
}

async function fillLake(ctx: Context): Promise<void> {
  const chains = await ctx.db.selectFrom('chains').select(['id', 'name']).orderBy('id').execute();
  const progress = showSections(process.stderr, () => 0, ['Loading', '']);
  await forgetFigures(ctx);
  await emptyLake(ctx);
  for (const [index, { id, name }] of chains.entries()) {
    progress.at('chains into the lake', `${index + 1} of ${chains.length}, ${visible(name)}`);
    await reloadChain(ctx, { chainId: id });
  }
  progress.end();
}
