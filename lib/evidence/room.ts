import { statfs } from 'node:fs/promises';
import { AppError } from '../core/errors';

/** Asks how many bytes a process may still write to the disk a folder lies on. */
export type FreeBytes = (directory: string) => Promise<number>;

export const freeBytesOnDisk: FreeBytes = async (directory) => {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
};

/** After so many bytes the disk is asked again: others write to it as well. */
const STEP_BYTES = 4 * 1024 * 1024;

export type Room = {
  /** Before so many more bytes are written. @throws AppError STORAGE_FULL when they would reach into what is to be left alone. */
  take(bytes: number): Promise<void>;
};

/** Room for one writer on the disk of a folder, of which `reserveBytes` are left alone, so that a database on it can still commit. `what` is not kept when it is full. */
export function createRoom(
  directory: string,
  { reserveBytes, freeBytes = freeBytesOnDisk }: { reserveBytes: number; freeBytes?: FreeBytes | undefined },
  what: string,
): Room {
  let allowedBytes = -1;
  let writtenBytes = 0;
  return {
    async take(bytes) {
      if (bytes > allowedBytes) {
        // What was taken last may not have reached the disk: it is not free, whatever the disk says.
        const left = (await freeBytes(directory)) - Math.min(writtenBytes, STEP_BYTES) - reserveBytes;
        if (left < bytes)
          throw new AppError(
            'STORAGE_FULL',
            `the disk has no room left for ${what}: ${Math.round(reserveBytes / 1024 / 1024)} MiB of it are left alone; nothing of it was kept`,
            { reserveBytes },
          );
        allowedBytes = Math.max(bytes, Math.min(left, STEP_BYTES));
      }
      allowedBytes -= bytes;
      writtenBytes += bytes;
    },
  };
}
