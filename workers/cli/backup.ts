import path from 'node:path';
import { systemActor } from '@/lib/access/actor';
import { furtherContexts } from '@/lib/compose';
import { DEFAULT_WORKSPACE } from '@/lib/schemas/workspace-id';
import { makeBackup } from '@/lib/backup/make-backup';
import type { Manifest } from '@/lib/backup/manifest';
import { type Checked, backupBytes, checkBackup } from '@/lib/backup/open-backup';
import { figure as count } from '@/lib/core/text/words';
import { CliError } from './cli-error';
import { withInstallation } from './installation';
import { print, visible } from './output';
import { readPassphrase } from './passphrase';
import { showProgress, showSections } from './progress';
import { size } from './size';

export type Options = { json?: boolean; passphraseFile?: string; verify?: boolean };

/** Writes a backup, or reads one, says what is in it, and sets the exit status. */
export async function backup(name: string, { json = false, passphraseFile, verify = false }: Options): Promise<void> {
  const file = path.resolve(name);
  const passphrase = await readPassphrase(passphraseFile, process.env);
  const checked = await (verify ? check : make)(file, passphrase);
  await print(json ? `${JSON.stringify({ sha256: checked.sha256, ...checked.manifest })}\n` : summary(checked));
  process.exitCode = damagedIn(checked.manifest).length > 0 ? 1 : 0;
}

async function make(file: string, passphrase: string | null): Promise<Checked> {
  let written = 0;
  const shown = showSections(process.stderr, () => written, ['Saving', 'written']);
  const progress = { at: (section: string) => shown.at(section, null), bytes: (bytes: number) => (written += bytes) };
  const actor = systemActor('command-line', 'command line');
  const ending = new AbortController();
  const onSignal = () => ending.abort(new CliError('stopped; nothing of the backup was kept'));
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, onSignal);
  const { signal } = ending;
  return withInstallation(
    (ctx) => makeBackup(ctx, { file, passphrase, actor, progress, signal, workspaces: () => furtherContexts(ctx) }),
    DEFAULT_WORKSPACE,
  ).finally(() => shown.end());
}

/** Reads all of a backup and shows how far that is. @throws AppError as `checkBackup`. */
export async function check(file: string, passphrase: string | null): Promise<Checked> {
  let read = 0;
  const progress = showProgress(process.stderr, await backupBytes(file), () => read);
  return checkBackup({ file, passphrase, onBytes: (bytes) => (read += bytes) }).finally(() => progress.end());
}

/** What a backup holds, for people. */
export function summary({ manifest, sha256 }: Checked): string {
  const damaged = damagedIn(manifest);
  return [
    `Backup of ${manifest.takenAt}, by release ${manifest.release}: ${held(manifest)}.`,
    logLine(manifest),
    ...manifest.workspaces.flatMap((one) => [`Workspace ${one.id}: ${held(one.manifest)}.`, logLine(one.manifest)]),
    `Manifest: SHA-256 ${sha256}`,
    ...damaged.map(
      ({ digest, kind, chain }) =>
        `${kind}: object ${digest}${chain === null ? '' : ` of chain ${visible(chain)}`} is not in the backup`,
    ),
    ...(damaged.length > 0 ? [`This backup is not whole: ${count(damaged.length)} objects are gone or altered.`] : []),
    '',
  ].join('\n');
}

/** Objects of any workspace that are not in a backup. */
export function damagedIn(manifest: Manifest): Manifest['damaged'] {
  return [manifest, ...manifest.workspaces.map((one) => one.manifest)].flatMap(({ damaged }) => damaged);
}

function held({
  objects,
  tables,
  heads,
  incoming,
}: Pick<Manifest, 'objects' | 'tables' | 'heads' | 'incoming'>): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return `${count(objects.count)} objects (${size(objects.sizeBytes)}), ${count(heads.chains)} chains, ${count(rows)} rows in ${count(tables.length)} tables, ${count(incoming)} uploads under way`;
}

/** Where the transparency log stood. */
export function logLine({ log }: Pick<Manifest, 'log'>): string {
  return log
    ? `Transparency log: ${log.origin}, ${count(log.size)} entries, root ${log.rootHash}`
    : 'Transparency log: nothing was published yet';
}
