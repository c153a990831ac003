import 'server-only';
import { type FileHandle, open, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Env } from '../config/env';
import { DEFAULT_WORKSPACE } from '../schemas/workspace-id';
import type { ArchiveWriter } from './archive-writer';

/** Of each machine its own, and made again where they are missing. */
const OF_THE_MACHINE = new Set(['postgres-password', 'clickhouse-password']);
/** Where the secret of sessions lies, whether it was made there or came by SEALTRAIL_SECRET. */
export const AUTH_SECRET = 'auth-secret';
const LOG_KEY = 'log-key.pem';
/** Names of files that a backup has and a restore makes; partial files of writers have others. */
const NAME = /^[a-z0-9][a-z0-9-]*(\.(pem|json))?$/;
const CHUNK_BYTES = 1024 * 1024;

/** The folders of a data directory that a backup holds files of. */
export const FOLDERS = ['incoming', 'incoming-receipts', 'secrets'] as const;

/**
 * Uploads in parts as far as they have come, and what those that are whole became. To be called before the database is looked at: one that is ingested
 * meanwhile is in both, which changes nothing. Gives how many.
 */
export async function addIncoming(writer: ArchiveWriter, { dataDir }: Pick<Env, 'dataDir'>): Promise<number> {
  let count = 0;
  for (const name of await namesIn(path.join(dataDir, 'incoming'))) {
    const [, id] = /^([0-9a-f]{32})\.json$/.exec(name) ?? [];
    if (!id) continue;
    // Both are open before either is read: one that is ingested then is removed, and read all the same.
    const files = await Promise.all([name, id].map((file) => openIfThere(path.join(dataDir, 'incoming', file))));
    try {
      const [about, body] = files;
      if (!about || !body) continue;
      await addFile(writer, `incoming/${name}`, about);
      await addFile(writer, `incoming/${id}`, body);
      count += 1;
    } finally {
      for (const file of files) await file?.close();
    }
  }
  for (const name of await namesIn(path.join(dataDir, 'incoming-receipts'))) {
    const file = /^[0-9a-f]{32}\.json$/.test(name)
      ? await openIfThere(path.join(dataDir, 'incoming-receipts', name))
      : null;
    if (file) await addFile(writer, `incoming-receipts/${name}`, file).finally(() => file.close());
  }
  return count;
}

/** What sessions, signatures and the log are made with. To be called after the database was looked at: a key that is on record is there then. Gives their names. */
export async function addSecrets(
  writer: ArchiveWriter,
  { secretsDir, logKeyFile, secret, workspaceId }: Pick<Env, 'secretsDir' | 'logKeyFile' | 'secret' | 'workspaceId'>,
): Promise<string[]> {
  const own = (await namesIn(secretsDir)).filter(
    (name) => NAME.test(name) && !OF_THE_MACHINE.has(name) && name !== AUTH_SECRET && name !== LOG_KEY,
  );
  const added: string[] = [];
  const add = async (name: string, bytes: Buffer | null) => {
    if (!bytes) return;
    await writer.add(`secrets/${name}`, bytes);
    added.push(name);
  };
  // The installation has one.
  if (workspaceId === DEFAULT_WORKSPACE) await add(AUTH_SECRET, Buffer.from(`${secret}\n`));
  await add(LOG_KEY, await readIfThere(logKeyFile));
  for (const name of own) await add(name, await readIfThere(path.join(secretsDir, name)));
  return added;
}

/** Folder and name of an entry that is a file of a data directory; null for any other. */
export function fileOf(entry: string): { folder: (typeof FOLDERS)[number]; name: string } | null {
  const [first, name, ...rest] = entry.split('/');
  const folder = FOLDERS.find((known) => known === first);
  return folder && name && NAME.test(name) && rest.length === 0 ? { folder, name } : null;
}

async function addFile(writer: ArchiveWriter, entry: string, file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  await writer.addStream(entry, size, chunksOf(file, size));
}

/** Its bytes up to a size that it had: it may have grown since. */
async function* chunksOf(file: FileHandle, sizeBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < sizeBytes; ) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, sizeBytes - at));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}

function namesIn(folder: string): Promise<string[]> {
  return unlessMissing(readdir(folder)).then((names) => (names ?? []).toSorted());
}

const openIfThere = (file: string) => unlessMissing(open(file, 'r'));
const readIfThere = (file: string) => unlessMissing(readFile(file));

async function unlessMissing<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
