import 'server-only';
import type { Actor } from '../access/actor';
import { requireChainAllowed } from '../access/chain-limit';
import type { Context } from '../context';
import { type ArchiveEntry, openArchive } from '../archive/archive';
import { ARCHIVE_LIMITS, MAX_DOCUMENT_BYTES, MAX_ARCHIVED_FILE_BYTES } from '../core/bytes/limits';
import { textOf } from '../core/bytes/text-encoding';
import { AppError } from '../core/errors';
import { FORMATS } from '../core/formats';
import { sidecarOf } from '../core/sidecars/kinds';
import { sidecarKind } from '../core/sidecars/recognise-sidecar';
import type { Tx } from '../db/database';
import { lockUntilCommit } from '../db/lock';
import { type StoredObject, putObject } from '../evidence/store';
import { ChainName } from '../schemas/chains';
import type { SidecarKind } from '../schemas/sidecars';
import type { ArchiveProgress, ArchiveReceipt } from '../schemas/uploads';
import { type PlannedLog, folderOf, planArchive } from './archive-plan';
import type { Received } from './received-archive';
import { requireStored } from './require-stored';
import { reverify } from './reverify';
import { readSmall, recordSidecar } from './sidecars';
import { type StoredLog, recordUpload, storeLog } from './upload';

type Input = {
  fileName: string;
  chain: string | null;
  actor: Actor;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ArchiveProgress) => void) | undefined;
};
type Skipped = ArchiveReceipt['skipped'][number];
type IngestedLog = PlannedLog & { stored: StoredLog };
type SidecarFile = { path: string; kind: SidecarKind; object: StoredObject };

/** What makes one file of an archive no log, while the others are taken. */
const SKIPS = new Set(['UNKNOWN_FORMAT', 'TOO_LARGE']);

/** Logs named in one transaction: so few that other senders to one of their chains do not wait long. */
const GROUP = 25;

/**
 * Takes every log of an archive in as an upload to its own chain, with its sidecar files, and keeps the archive itself. All of it is
 * stored before any is named: when the archive is refused no chain is touched. Then some logs at a time are named with what lies beside
 * them; after a kill what is on record is whole, and the archive sent again takes the rest. A file that is no log, or whose chain does not
 * take it, is skipped with the reason.
 * @throws AppError FORBIDDEN, TOO_LARGE, UNREADABLE_BODY, UNKNOWN_FORMAT when nothing in it is known here, CONFLICT when no chain takes any of it, STORAGE_FULL.
 */
export async function ingestArchive(ctx: Context, received: Received, input: Input): Promise<ArchiveReceipt> {
  const archive = await opened(received, input.fileName);
  try {
    const tooLarge = archive.entries.find(({ sizeBytes }) => sizeBytes > MAX_ARCHIVED_FILE_BYTES);
    if (tooLarge)
      throw new AppError(
        'TOO_LARGE',
        `"${tooLarge.path}" in "${input.fileName}" has more than ${MAX_ARCHIVED_FILE_BYTES} bytes`,
        { limitBytes: MAX_ARCHIVED_FILE_BYTES },
      );
    const entries = new Map(archive.entries.map((entry) => [entry.path, entry]));
    const plan = planArchive([...entries.keys()], { archiveName: input.fileName, chain: input.chain });
    const skipped: Skipped[] = [...plan.skipped];
    const logs: IngestedLog[] = [];
    const budget = { leftBytes: ARCHIVE_LIMITS.plainBytes };
    const sidecarFiles = await readSidecars(ctx, plan.sidecarFiles, entries, (path) =>
      plan.logs.push({
        chain: input.chain === null ? path : `${input.chain}/${path}`,
        fileName: path.split('/').at(-1) ?? path,
        folder: folderOf(path),
        paths: [path],
      }),
    );
    for (const { chain } of plan.logs) requireChainAllowed(input.actor, chain);
    for (const [at, log] of plan.logs.entries()) {
      input.onProgress?.({ logs: plan.logs.length, stored: at, named: 0 });
      const files = log.paths.map((name) => entryOf(entries, name));
      const stored = await ingestLog(ctx, log, files, budget, input.signal);
      if ('reason' in stored) skipped.push(...log.paths.map((name) => ({ path: name, reason: stored.reason })));
      else logs.push({ ...log, stored });
    }
    if (logs.length === 0 && sidecarFiles.length === 0) {
      throw nothingKnown(input.fileName, skipped);
    }
    const kept = await received.keep();
    return await name(ctx, input, kept, logs, sidecarFiles, skipped);
  } finally {
    await archive.close();
  }
}

async function opened({ file }: Received, fileName: string) {
  try {
    return await openArchive(file, ARCHIVE_LIMITS);
  } catch (error) {
    // Its messages stand behind the archive's name.
    throw error instanceof AppError
      ? new AppError(error.code, `"${fileName}" ${error.message}`, error.details, { cause: error })
      : error;
  }
}

function entryOf(entries: ReadonlyMap<string, ArchiveEntry>, name: string): ArchiveEntry {
  const entry = entries.get(name);
  if (!entry) throw new Error(`the plan names "${name}", which is not in the archive`);
  return entry;
}

/** A log in the evidence store, or why it is none. */
async function ingestLog(
  ctx: Context,
  log: PlannedLog,
  files: readonly ArchiveEntry[],
  budget: { leftBytes: number },
  signal?: AbortSignal,
): Promise<StoredLog | { reason: string }> {
  if (!ChainName.safeParse(log.chain).success)
    return { reason: 'its path makes no chain name: at most 200 characters, none of them a control character' };
  const known = await ctx.db.selectFrom('chains').select('format').where('name', '=', log.chain).executeTakeFirst();
  try {
    const stored = await storeLog(
      ctx,
      files.map((file) => file.open()),
      { within: budget, signal },
    );
    if (known && known.format !== stored.format.id)
      return { reason: `chain "${log.chain}" holds records of another format` };
    return stored;
  } catch (error) {
    if (error instanceof AppError && SKIPS.has(error.code) && !('limitPlainBytes' in error.details))
      return { reason: reasonOf(error, files) };
    throw error;
  }
}

function reasonOf(error: AppError, files: readonly ArchiveEntry[]): string {
  if (error.code !== 'UNKNOWN_FORMAT' || 'kind' in error.details) return error.message;
  return files.every(({ sizeBytes }) => sizeBytes === 0)
    ? 'it is empty'
    : `its first lines look like none of the formats known here: ${FORMATS.map(({ label }) => label).join(', ')}`;
}

/** Files that say something of a log are stored; what only bears such a name may be a log itself. */
async function readSidecars(
  ctx: Context,
  paths: readonly string[],
  entries: ReadonlyMap<string, ArchiveEntry>,
  onOther: (path: string) => void,
): Promise<SidecarFile[]> {
  const sidecarFiles: SidecarFile[] = [];
  for (const name of paths) {
    const entry = entryOf(entries, name);
    const bytes = entry.sizeBytes > MAX_DOCUMENT_BYTES ? null : await readSmall(entry.open());
    const kind = bytes && sidecarKind(name.split('/').at(-1) ?? name, textOf(bytes));
    if (bytes && kind) sidecarFiles.push({ path: name, kind, object: await putObject(ctx.evidence, bytes) });
    else onOther(name);
  }
  return sidecarFiles;
}

type Named = { uploads: ArchiveReceipt['uploads']; sidecars: (ArchiveReceipt['sidecars'][number] & { at: number })[] };

/** Names all of it, some logs at a time. */
async function name(
  ctx: Context,
  input: Input,
  kept: StoredObject,
  logs: readonly IngestedLog[],
  sidecarFiles: readonly SidecarFile[],
  skipped: Skipped[],
): Promise<ArchiveReceipt> {
  const inFolders = byFolder(logs);
  const owners = sidecarFiles.map(({ path, kind }) => ownersOf(path, kind, inFolders));
  const named: Named = { uploads: [], sidecars: [] };
  let refusal: AppError | null = null;
  let isArchiveNamed = false;
  const write = <T>(work: (tx: Tx) => Promise<T>) =>
    ctx.db.transaction().execute(async (tx) => {
      if (!isArchiveNamed) {
        await requireStored(ctx, tx, [kept.digest]);
        await tx
          .insertInto('archives')
          .values({
            digest: kept.digest,
            size_bytes: kept.sizeBytes,
            file_name: input.fileName,
            received_by: input.actor.name,
          })
          .execute();
      }
      return work(tx);
    });
  const ingestGroup = async (group: readonly IngestedLog[]): Promise<void> => {
    try {
      const { uploads, sidecars } = await write((tx) =>
        nameGroup(ctx, tx, input, kept, group, (log) =>
          sidecarFiles.flatMap((file, at) => (owners[at]?.includes(log) ? [{ ...file, at }] : [])),
        ),
      );
      isArchiveNamed = true;
      named.uploads.push(...uploads);
      named.sidecars.push(...sidecars);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'CONFLICT') throw error;
      const [only] = group;
      if (group.length === 1 && only) {
        refusal ??= error;
        skipped.push(...only.paths.map((path) => ({ path, reason: error.message })));
      } else for (const log of group) await ingestGroup([log]);
    }
  };
  // In one order everywhere, so that two archives never wait for each other.
  const sorted = logs.toSorted((a, b) => (a.chain < b.chain ? -1 : 1));
  for (let at = 0; at < sorted.length; at += GROUP) {
    input.onProgress?.({ logs: logs.length, stored: logs.length, named: at });
    await ingestGroup(sorted.slice(at, at + GROUP));
  }
  const requested = logs.length === 0 ? input.chain : null;
  if (requested !== null)
    named.sidecars.push(...(await write((tx) => nameSidecars(ctx, tx, requested, input, kept, sidecarFiles))));
  const used = new Set(named.sidecars.map(({ at }) => at));
  for (const [at, { path, kind }] of sidecarFiles.entries()) {
    if (!used.has(at))
      skipped.push({
        path,
        reason:
          sidecarOf(kind)?.speaksOf === 'log-it-is-named-after'
            ? `it is an ${sidecarOf(kind)?.label}, and it does not say which log it belongs to`
            : 'the archive has no log that it belongs to',
      });
  }
  if (named.uploads.length === 0 && named.sidecars.length === 0) throw refusal ?? nothingKnown(input.fileName, skipped);
  const sidecars = named.sidecars.toSorted((a, b) => a.at - b.at).map(({ at: _, ...receipt }) => receipt);
  return { archive: { sha256: kept.digest, bytes: kept.sizeBytes }, uploads: named.uploads, sidecars, skipped };
}

type SidecarEntry = SidecarFile & { at: number };

async function nameGroup(
  ctx: Context,
  tx: Tx,
  { actor }: Input,
  kept: StoredObject,
  group: readonly IngestedLog[],
  sidecarsOf: (log: IngestedLog) => readonly SidecarEntry[],
): Promise<Named> {
  const named: Named = { uploads: [], sidecars: [] };
  for (const log of group) {
    await lockUntilCommit(tx, 'chain', log.chain);
    const receipt = await recordUpload(ctx, tx, { fileName: log.fileName, chain: log.chain, actor }, log.stored, {
      archiveSha256: kept.digest,
      paths: log.paths,
    });
    named.uploads.push({ ...receipt, paths: log.paths });
    named.sidecars.push(
      ...(await recordSidecars(
        ctx,
        tx,
        { id: receipt.chainId, name: receipt.chain },
        { actor, kept },
        sidecarsOf(log),
      )),
    );
  }
  return named;
}

/** An archive that holds only what lies beside the log of an existing chain. */
async function nameSidecars(
  ctx: Context,
  tx: Tx,
  requested: string,
  { actor, fileName }: Input,
  kept: StoredObject,
  sidecarFiles: readonly SidecarFile[],
): Promise<Named['sidecars']> {
  const chain = await lockedChain(tx, requested);
  const own = chain
    ? sidecarFiles.flatMap((file, at) => (sidecarOf(file.kind)?.format.id === chain.format ? [{ ...file, at }] : []))
    : [];
  if (!chain || own.length === 0) throw nothingKnown(fileName, []);
  return recordSidecars(ctx, tx, chain, { actor, kept }, own);
}

async function recordSidecars(
  ctx: Context,
  tx: Tx,
  chain: { id: string; name: string },
  { actor, kept }: { actor: Actor; kept: StoredObject },
  sidecarFiles: readonly SidecarEntry[],
): Promise<Named['sidecars']> {
  const sidecars: Named['sidecars'] = [];
  let isChanged = false;
  for (const { path, kind, object, at } of sidecarFiles) {
    const { receipt, isNew } = await recordSidecar(ctx, tx, {
      chain,
      kind,
      object,
      fileName: path.split('/').at(-1) ?? path,
      actor,
      archiveSha256: kept.digest,
    });
    sidecars.push({ ...receipt, path, at });
    isChanged ||= isNew;
  }
  if (isChanged) await reverify(ctx, tx, chain.id);
  return sidecars;
}

function nothingKnown(fileName: string, [first]: readonly Skipped[]): AppError {
  return new AppError(
    'UNKNOWN_FORMAT',
    `"${fileName}" holds no log of a format known here${first ? `; of "${first.path}": ${first.reason}` : ''}`,
  );
}

/** An existing chain, for an archive that holds only what lies beside its log. */
async function lockedChain(tx: Tx, name: string) {
  await lockUntilCommit(tx, 'chain', name);
  return tx.selectFrom('chains').select(['id', 'name', 'format']).where('name', '=', name).executeTakeFirst();
}

type Folders = {
  here: ReadonlyMap<string, IngestedLog[]>;
  /** By the folder their folder lies in. */
  below: ReadonlyMap<string, IngestedLog[]>;
};

function byFolder(logs: readonly IngestedLog[]): Folders {
  return {
    here: Map.groupBy(logs, ({ folder }) => folder),
    below: Map.groupBy(
      logs.filter(({ folder }) => folder !== folderOf(folder)),
      ({ folder }) => folderOf(folder),
    ),
  };
}

/** The logs a file says something of: one of the logs below of every log in its folder and the folders in it, the others of the log in their folder. */
function ownersOf(path: string, kind: SidecarKind, folders: Folders): IngestedLog[] {
  const folder = folderOf(path);
  const known = sidecarOf(kind);
  const isOfKind = ({ stored }: IngestedLog) => stored.format === known?.format;
  const here = (folders.here.get(folder) ?? []).filter(isOfKind);
  if (known?.speaksOf === 'logs-below') return [...here, ...(folders.below.get(folder) ?? []).filter(isOfKind)];
  if (here.length < 2) return here;
  const file = path.split('/').at(-1) ?? path;
  return here.filter((log) => file.startsWith(log.fileName.replace(/\.[^.]*$/, '')));
}
