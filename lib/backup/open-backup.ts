import 'server-only';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { AppError } from '../core/errors';
import { unknownMigrations } from '../db/migrate';
import { ArchiveReader } from './archive-reader';
import type { Beginning, Manifest } from './manifest';
import { isSealed, unsealing } from './sealed';

const CHUNK_BYTES = 1024 * 1024;

export type OpenBackup = { file: string; passphrase: string | null; onBytes: (count: number) => void };
export type Checked = { manifest: Manifest; sha256: string };

/** Begins to read a backup. @throws AppError BAD_REQUEST for a file that is none, or cannot be decrypted; CONFLICT for one of a later release. */
export async function openBackup(backup: OpenBackup): Promise<{ reader: ArchiveReader; beginning: Beginning }> {
  const bytes = bytesOf(backup);
  const sealed = await beginsSealed(backup.file);
  if (sealed && backup.passphrase === null)
    throw new AppError('BAD_REQUEST', 'the backup is encrypted: its passphrase is needed');
  const reader = new ArchiveReader(sealed ? unsealing(bytes, backup.passphrase ?? '') : bytes);
  try {
    const beginning = await reader.beginning();
    const unknown = await unknownMigrations(beginning.migrations);
    if (unknown.length > 0)
      throw new AppError(
        'CONFLICT',
        `the backup was made by a later release, ${beginning.release} (${unknown.join(', ')}): restore it with that one`,
        { release: beginning.release },
      );
    return { reader, beginning };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** Reads a backup from its beginning to its end without restoring anything. @throws AppError as `openBackup`, and BAD_REQUEST for any change. */
export async function checkBackup(backup: OpenBackup): Promise<Checked> {
  const { reader, beginning } = await openBackup(backup);
  try {
    for await (const _ of reader.entries()); // each is hashed on its way
    return requireSame(await reader.end(), beginning);
  } finally {
    await reader.close();
  }
}

/** Size of the file in bytes. @throws AppError NOT_FOUND when there is no file that can be read. */
export async function backupBytes(file: string): Promise<number> {
  try {
    const handle = await open(file, 'r');
    const found = await handle.stat().finally(() => handle.close());
    if (found.isFile()) return found.size;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new AppError('NOT_FOUND', `${file} cannot be read: ${String(error.code)}`, {}, { cause: error });
  }
  throw new AppError('NOT_FOUND', `${file} is no file`);
}

/** Its first entry and its last are of one backup. */
export function requireSame(checked: Checked, { id }: Beginning): Checked {
  if (checked.manifest.id === id) return checked;
  throw new AppError('BAD_REQUEST', 'the backup was changed: its beginning and its manifest are of two backups');
}

async function* bytesOf({ file, onBytes }: OpenBackup): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
    onBytes((chunk as Buffer).length); // a stream without encoding yields Buffers
    yield chunk as Buffer;
  }
}

async function beginsSealed(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const beginning = Buffer.alloc(64);
    await handle.read(beginning, 0, beginning.length, 0);
    return isSealed(beginning);
  } finally {
    await handle.close();
  }
}
