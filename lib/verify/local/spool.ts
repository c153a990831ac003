import 'server-only';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Bytes that can be read only once, made readable again: the first reading keeps a copy in a temporary file that has no name any more. */
export function spooled(bytes: AsyncIterable<Uint8Array>): {
  open(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
} {
  let copy: Awaited<ReturnType<typeof unnamedFile>> | null = null;

  async function* first(): AsyncGenerator<Uint8Array> {
    copy = await unnamedFile();
    for await (const chunk of bytes) {
      await copy.writeFile(chunk);
      yield chunk;
    }
  }
  return {
    open: () => (copy ? copy.createReadStream({ start: 0, autoClose: false, highWaterMark: 1024 * 1024 }) : first()),
    close: async () => copy?.close(),
  };
}

async function unnamedFile() {
  const folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-'));
  try {
    return await open(path.join(folder, 'copy'), 'wx+', 0o600);
  } finally {
    await rm(folder, { recursive: true });
  }
}
