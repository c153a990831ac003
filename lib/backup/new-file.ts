import { link, open, unlink } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../core/errors';
import type { Sink } from './sealed';

export type NewFile = Sink & {
  /** Leaves nothing behind of what has not ended. Never throws. */
  discard(): Promise<void>;
};

/**
 * A file of mode 0600 that is there under its name once it is whole and on disk, and is `<name>.part` till then. Never takes another's place.
 * @throws AppError CONFLICT when there is one of either name; BAD_REQUEST where none can be written; STORAGE_FULL.
 */
export async function newFile(file: string): Promise<NewFile> {
  const part = `${file}.part`;
  await refuseExisting(file);
  const handle = await open(part, 'wx', 0o600).catch((error: unknown) => {
    throw isCode(error, 'EEXIST')
      ? new AppError(
          'CONFLICT',
          `${part} is there: another backup is being written, or one was cut off. Remove it then`,
        )
      : unwritable(part, error);
  });
  const discard = async () => {
    await handle.close().catch(() => undefined); // already closed is as good
    await unlink(part).catch(() => undefined); // already gone is as good
  };
  return {
    async write(bytes) {
      try {
        for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
      } catch (error) {
        throw isCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG')
          ? new AppError(
              'STORAGE_FULL',
              `there is no room left for ${file}; nothing of it was kept`,
              {},
              { cause: error },
            )
          : error;
      }
    },
    async end() {
      await handle.sync();
      await handle.close();
      try {
        await link(part, file);
      } catch (error) {
        throw isCode(error, 'EEXIST') ? existing(file) : error;
      }
      await unlink(part);
      const folder = await open(path.dirname(file), 'r');
      await folder.sync().finally(() => folder.close());
    },
    discard,
  };
}

async function refuseExisting(file: string): Promise<void> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return null;
    throw unwritable(file, error);
  });
  await handle?.close();
  if (handle) throw existing(file);
}

/** What the system says of a place nothing can be written to. */
function unwritable(file: string, error: unknown): unknown {
  return error instanceof Error && 'code' in error
    ? new AppError('BAD_REQUEST', `${file} cannot be written: ${String(error.code)}`, {}, { cause: error })
    : error;
}

function existing(file: string): AppError {
  return new AppError('CONFLICT', `${file} is there already, and is not overwritten`);
}

function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
