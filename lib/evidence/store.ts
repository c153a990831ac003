/** `replaced`: another file had its name and was not these bytes, or the name was known and its file gone. */
export type StoredObject = { digest: string; sizeBytes: number; replaced?: 'altered' };

/** Writes one object. Exactly one of `commit` and `discard` ends it. */
export interface ObjectWriter {
  /** Bytes so far. */
  readonly sizeBytes: number;
  write(chunk: Uint8Array): Promise<void>;
  /**
   * Makes the object durable under its SHA-256 and returns it. When this resolves the bytes survive a power cut.
   * What has the name already is read and hashed: the same bytes are not stored again, other bytes are replaced at once.
   */
  commit(): Promise<StoredObject>;
  /** Leaves nothing behind. Never throws. */
  discard(): Promise<void>;
}

export type ByteSpan = { from: number; to: number };

/** Where objects lie. What `read` gives is not compared with anything yet: `checkedStore` does that, and is all that others see. */
export interface ObjectStore {
  /** @throws AppError STORAGE_FULL, EVIDENCE_UNAVAILABLE. */
  create(): Promise<ObjectWriter>;
  /** Size in bytes, or null when there is no such object. @throws AppError EVIDENCE_UNAVAILABLE. */
  stat(digest: string): Promise<number | null>;
  /** Bytes `[from, to)` as they lie there, in memory that may be given away. @throws AppError EVIDENCE_MISSING, EVIDENCE_UNAVAILABLE, also midway. */
  read(digest: string, span: ByteSpan): Promise<AsyncIterable<Buffer>>;
  /** Takes an object out for good; what is not there is as good. The caller makes sure that nothing on record needs it. @throws AppError EVIDENCE_UNAVAILABLE. */
  remove(digest: string): Promise<void>;
  /** Whether an object can be written and made durable now. */
  probe(): Promise<boolean>;
}

/** What the caller knows of an object whose bytes it wants whole, or the part it wants. */
export type Wanted = { sizeBytes: number } | ByteSpan;

/** All of an object, each byte compared with its digest before it is released: for who acts on bytes before the last has come, or stops early. */
export const PROVEN_FIRST: ByteSpan = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** Immutable objects named by the lower-case hex SHA-256 of their bytes, and compared with that name whenever they are read. */
export interface EvidenceStore extends Omit<ObjectStore, 'read'> {
  /**
   * Without a span the whole object, hashed on its way: reading fails with EVIDENCE_ALTERED before its last bytes when they do not fit the
   * name, so who read to its end has read what was stored, and who did not knows nothing. With `sizeBytes` it has that many bytes or fails
   * at once. With a span the bytes `[from, to)` that there are, none released before it was proven.
   * @throws AppError EVIDENCE_MISSING, EVIDENCE_ALTERED, EVIDENCE_UNAVAILABLE; the last two also midway.
   */
  read(digest: string, wanted?: Wanted): Promise<AsyncIterable<Buffer>>;
  /**
   * The whole object to a reader that hashes what it takes, where it takes it: a byte is then read once, by the thread that works on it.
   * What the reader made is given out when the hash is the object's name.
   * @throws AppError as `read`, and whatever the reader throws.
   */
  readHashing<R extends { sha256: string }>(
    digest: string,
    reader: (chunks: AsyncIterable<Buffer>) => Promise<R>,
  ): Promise<R>;
}

/** Stores a small object at once. */
export async function putObject(store: EvidenceStore, bytes: Uint8Array): Promise<StoredObject> {
  const writer = await store.create();
  try {
    await writer.write(bytes);
    return await writer.commit();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** The whole of an object or a part of it, for what is known to be small. */
export async function readObject(store: EvidenceStore, digest: string, wanted?: Wanted): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await store.read(digest, wanted)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
