/** Something that was dropped, or that lies in a package that was. Its bytes can be read as often as needed. */
export type Source = {
  /** Without folders for a file, with them for what lies in a package. */
  name: string;
  /** The package it came in; null for a file of its own. */
  from: string | null;
  /** As it lies there: for a compressed file the compressed bytes. */
  sizeBytes: number;
  /** The bytes as they lie there. @throws Error, told to people, when they cannot be read. */
  open(): AsyncIterable<Uint8Array>;
};

const CHUNK_BYTES = 4 * 1024 * 1024;

/** The bytes of a blob from `from` to `to`, the next chunk being read while one is worked on. */
export async function* bytesOf(blob: Blob, from = 0, to = blob.size): AsyncGenerator<Uint8Array> {
  const chunkAt = (at: number) => (at < to ? blob.slice(at, Math.min(to, at + CHUNK_BYTES)).arrayBuffer() : null);
  let next = chunkAt(from);
  for (let at = from; next; at += CHUNK_BYTES) {
    const chunk = new Uint8Array(await next);
    next = chunkAt(at + CHUNK_BYTES);
    next?.catch(() => undefined); // told when it is waited for
    yield chunk;
  }
}

/** `from` is the folder it was given in. */
export function fileSource(file: File, name = file.name, from: string | null = null): Source {
  return { name, from, sizeBytes: file.size, open: () => bytesOf(file) };
}

/** The same source, each byte told as it is read. What `onBytes` throws ends the reading. */
export function counted(source: Source, onBytes: (sizeBytes: number) => void): Source {
  async function* open() {
    for await (const chunk of source.open()) {
      onBytes(chunk.length);
      yield chunk;
    }
  }
  return { ...source, open };
}

/** What a stream gives. */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined); // it failed: that was thrown already
  }
}

/** A stream of what an iterable gives. */
export function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(Uint8Array.from(next.value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
