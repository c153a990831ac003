import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EngineError } from './engine-error';

/** One INSERT holds no more. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Where bodies lie that the engine reads from a file: it takes no bytes that are no text with a statement. */
export class Spool {
  constructor(readonly dir: string) {
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  }

  /**
   * Runs `use` with a file of what the body holds, which is gone after.
   * @throws EngineError when that is more than one INSERT may hold, and when the disk does not take it
   */
  async with<T>(body: Readable, use: (file: string) => Promise<T>): Promise<T> {
    const file = path.join(this.dir, randomUUID());
    try {
      await pipeline(body, bounded, createWriteStream(file, { mode: 0o600, flags: 'wx' })).catch(ofDisk);
      return await use(file);
    } finally {
      await rm(file, { force: true });
    }
  }
}

/** What the disk says has nothing to do with the rows, and is told by a code that says so. */
function ofDisk(error: unknown): never {
  if (error instanceof Error && 'syscall' in error) throw new EngineError(243, 'NOT_ENOUGH_SPACE', error.message);
  throw error;
}

async function* bounded(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES)
      throw new EngineError(307, 'TOO_MANY_BYTES', `The rows of one INSERT are longer than ${MAX_BYTES} bytes.`);
    yield chunk;
  }
}
