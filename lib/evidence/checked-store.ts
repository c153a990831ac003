import 'server-only';
import { hash } from 'node:crypto';
import { AppError } from '../core/errors';
import { type BlockList, createBlockLists } from './block-lists';
import { hashOnThread } from './hash-threads';
import { bytesOf, inBlocks } from './in-blocks';
import type { ByteSpan, EvidenceStore, ObjectStore, Wanted } from './store';

/** Up to this an object is read at once and hashed before any of it is released, so that what fails fails before it begins. */
const SMALL_BYTES = 1024 * 1024;
/** Chunks of a stream that are hashed, or wait to be, while an older one is used. */
const MOST_HELD = 3;

/** Who wants to know what reading and writing showed of objects. Called as it happens, never awaited. */
export type EvidenceObserver = {
  damaged(digest: string, damage: 'altered' | 'missing'): void;
  /** An object is there, and is what its name says, after it was not or may not have been. `replaced`: other bytes had its name until now. */
  sound(digest: string, replaced: boolean): void;
};

/** Reads of `store` held against the names of what is read. */
export function checkedStore(store: ObjectStore, observer?: EvidenceObserver): EvidenceStore {
  /** What this process found damaged: when it reads well again that is told. */
  const damaged = new Set<string>();
  const altered = (digest: string): AppError => {
    note(digest, 'altered');
    return new AppError(
      'EVIDENCE_ALTERED',
      `evidence object ${digest} is not the bytes that were stored: it was altered, and nothing is made from it until its genuine bytes are back`,
      { digest },
    );
  };
  const note = (digest: string, damage: 'altered' | 'missing') => {
    damaged.add(digest);
    observer?.damaged(digest, damage);
  };
  const sound = (digest: string) => {
    if (damaged.delete(digest)) observer?.sound(digest, false);
  };
  const sizeOf = async (digest: string) => {
    const sizeBytes = await store.stat(digest);
    if (sizeBytes !== null) return sizeBytes;
    note(digest, 'missing');
    throw new AppError('EVIDENCE_MISSING', `evidence object ${digest} is not in the store`, { digest });
  };
  const readSmall = async (digest: string, sizeBytes: number): Promise<Buffer> => {
    const bytes = await bytesOf(await store.read(digest, { from: 0, to: sizeBytes }));
    if (bytes.length !== sizeBytes || hash('sha256', bytes, 'hex') !== digest) throw altered(digest);
    sound(digest);
    return bytes;
  };
  /** It has another size than who asks has on record: one of the two is not what it was. */
  const unlikeRecord = async (digest: string, sizeBytes: number, recordedBytes: number): Promise<AppError> => {
    for await (const _ of whole(digest, sizeBytes)); // throws when it is the object
    return new AppError(
      'EVIDENCE_ALTERED',
      `evidence object ${digest} has ${sizeBytes} bytes, and ${recordedBytes} on record: the record was altered`,
      { digest },
    );
  };
  const lists = createBlockLists(store, { altered, sound });

  /** Gives a chunk once it was hashed, so that whoever gets it may write over it; holds the newest back, and the last until the digest fits. */
  async function* whole(digest: string, sizeBytes: number): AsyncGenerator<Buffer, void, undefined> {
    const sha256 = hashOnThread();
    let isOver = false;
    try {
      const held: { chunk: Buffer; hashed: Promise<void> }[] = [];
      let readBytes = 0;
      for await (const chunk of await store.read(digest, { from: 0, to: sizeBytes })) {
        const hashed = sha256.update(chunk);
        hashed.catch(() => undefined); // told where it is awaited, or by the digest
        readBytes += chunk.length;
        held.push({ chunk, hashed });
        if (!(chunk.buffer instanceof SharedArrayBuffer)) await hashed;
        const oldest = held.length > MOST_HELD ? held.shift() : undefined;
        await oldest?.hashed;
        if (oldest) yield oldest.chunk;
      }
      isOver = true;
      if ((await sha256.digest()) !== digest || readBytes !== sizeBytes) throw altered(digest);
      sound(digest);
      for (const { chunk } of held) yield chunk;
    } finally {
      if (!isOver) sha256.discard();
    }
  }

  /** Bytes `[from, to)`, each block of them held against the list of blocks before it is released. */
  async function* part(
    digest: string,
    list: BlockList,
    { from, to }: ByteSpan,
  ): AsyncGenerator<Buffer, void, undefined> {
    for await (const { block, at } of inBlocks(store, digest, { from, to }, list.sizeBytes)) {
      if (!list.fits(block, at)) throw altered(digest);
      yield block.subarray(Math.max(0, from - at), Math.min(block.length, to - at));
    }
  }

  return {
    ...store,
    async create() {
      const writer = await store.create();
      return {
        get sizeBytes() {
          return writer.sizeBytes;
        },
        write: (chunk) => writer.write(chunk),
        async commit() {
          const stored = await writer.commit();
          damaged.delete(stored.digest);
          observer?.sound(stored.digest, stored.replaced === 'altered');
          return stored;
        },
        discard: () => writer.discard(),
      };
    },
    async read(digest, wanted) {
      const sizeBytes = await sizeOf(digest);
      if (wanted && 'sizeBytes' in wanted && wanted.sizeBytes !== sizeBytes)
        throw await unlikeRecord(digest, sizeBytes, wanted.sizeBytes);
      const span = spanOf(wanted, sizeBytes);
      if (sizeBytes <= SMALL_BYTES) {
        const bytes = await readSmall(digest, sizeBytes);
        return only(span ? bytes.subarray(span.from, span.to) : bytes);
      }
      if (!span) return whole(digest, sizeBytes);
      if (span.to <= span.from) return only(Buffer.alloc(0));
      const list = await lists.of(digest, sizeBytes);
      if (list.sizeBytes !== sizeBytes) throw altered(digest);
      return part(digest, list, span);
    },
    async readHashing(digest, reader) {
      const read = await reader(await store.read(digest, { from: 0, to: await sizeOf(digest) }));
      if (read.sha256 !== digest) throw altered(digest);
      sound(digest);
      return read;
    },
  };
}

function spanOf(wanted: Wanted | undefined, sizeBytes: number): ByteSpan | null {
  return wanted && 'from' in wanted ? { from: wanted.from, to: Math.min(wanted.to, sizeBytes) } : null;
}

async function* only(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  if (bytes.length > 0) yield bytes;
}
