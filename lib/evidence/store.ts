import type { Readable } from 'node:stream';

export type StoredObject = { digest: string; sizeBytes: number };

/** Writes one object. Exactly one of `commit` and `discard` ends it. */
export interface ObjectWriter {
  /** Bytes so far. */
  readonly sizeBytes: number;
  write(chunk: Uint8Array): Promise<void>;
  /**
   * Makes the object durable under its SHA-256 and returns it. When this resolves the bytes survive a power cut.
   * Bytes already stored are not stored again.
   */
  commit(): Promise<StoredObject>;
  /** Leaves nothing behind. Never throws. */
  discard(): Promise<void>;
}

/** Immutable objects named by the lower-case hex SHA-256 of their bytes. */
export interface EvidenceStore {
  /** @throws AppError STORAGE_FULL when there is no room for another object. */
  create(): Promise<ObjectWriter>;
  /** Size in bytes, or null when there is no such object. */
  stat(digest: string): Promise<number | null>;
  /**
   * Bytes `[from, to)` of an object, all of it by default.
   * @throws AppError EVIDENCE_MISSING.
   */
  read(digest: string, range?: { from: number; to: number }): Promise<Readable>;
  /** Whether an object can be written and made durable now. */
  probe(): Promise<boolean>;
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

/** The whole of an object or range, for objects known to be small. */
export async function readObject(store: EvidenceStore, digest: string, range?: { from: number; to: number }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await store.read(digest, range)) chunks.push(chunk as Buffer); // a byte stream without encoding yields Buffers
  return Buffer.concat(chunks);
}
