import { Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';
import { AppError } from '../../core/errors';
import type { Room } from '../../evidence/room';

/** Keeps parts of uploads as files, and asks for room while they are written: an upload need not say how large it becomes. What came before stays. */
export class RoomyFileStore extends FileStore {
  constructor(
    directory: string,
    keptMs: number,
    readonly room: () => Room,
  ) {
    super({ directory, expirationPeriodInMilliseconds: keptMs });
  }

  /** @throws AppError STORAGE_FULL. */
  override async write(bytes: Readable, id: string, offset: number): Promise<number> {
    let full: AppError | null = null;
    const room = this.room();
    const within = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        await room.take(chunk.length).catch((error: unknown) => {
          if (error instanceof AppError) full = error;
          throw error;
        });
        yield chunk;
      }
    };
    try {
      return await super.write(Readable.from(within(bytes), { objectMode: false }), id, offset);
    } catch (error) {
      throw full ?? error; // the store has one error for whatever goes wrong
    }
  }
}
