import 'server-only';
import { hash } from 'node:crypto';
import { AppError } from '../core/errors';
import { type BlockList, createBlockLists } from './block-lists';
import { hashOnThread, isGiven } from './hash-threads';
import { bytesOf, eachBlock, inBlocks } from './in-blocks';
import { type EvidenceObserver, DamageReports } from './damage-reports';
import type { ByteSpan, EvidenceStore, ObjectStore, ObjectWriter, Wanted } from './store';

/** Up to this an object is read at once and hashed before any of it is released, so that what fails fails before it begins. */
const SMALL_BYTES = 1024 * 1024;
/** Chunks of a stream that are hashed, or wait to be, while an older one is used. */
const MOST_HELD = 3;

/** Reads of `store` compared with the names of what is read. */
export function checkedStore(store: ObjectStore, observer?: EvidenceObserver): EvidenceStore {
  const reports = new DamageReports(observer);
  const lists = createBlockLists(store, reports);
  const sizeOf = async (digest: string) => {
    const sizeBytes = await store.stat(digest);
    if (sizeBytes === null) throw await reports.missing(digest);
    return sizeBytes;
  };
  return {
    ...store,
    create: async () => reporting(await store.create(), reports),
    async read(digest, wanted) {
      const sizeBytes = await sizeOf(digest);
      if (wanted && 'sizeBytes' in wanted && wanted.sizeBytes !== sizeBytes)
        throw await unlikeRecord(store, reports, { digest, sizeBytes, recordedBytes: wanted.sizeBytes });
      const span = spanOf(wanted, sizeBytes);
      if (sizeBytes <= SMALL_BYTES) {
        const bytes = await readSmall(store, reports, digest, sizeBytes);
        return only(span ? bytes.subarray(span.from, span.to) : bytes);
      }
      if (!span) return readWhole(store, reports, digest, sizeBytes);
      if (span.to <= span.from) return only(Buffer.alloc(0));
      const list = await lists.of(digest, sizeBytes);
      if (list.sizeBytes !== sizeBytes) throw reports.altered(digest);
      return readPart(store, reports, digest, list, span);
    },
    async readHashing(digest, reader) {
      const read = await reader(await store.read(digest, { from: 0, to: await sizeOf(digest) }));
      if (read.sha256 !== digest) throw reports.altered(digest);
      reports.sound(digest);
      return read;
    },
  };
}

/** A writer that tells what it stored. */
function reporting(writer: ObjectWriter, reports: DamageReports): ObjectWriter {
  return {
    get sizeBytes() {
      return writer.sizeBytes;
    },
    write: (chunk) => writer.write(chunk),
    async commit() {
      const stored = await writer.commit();
      reports.stored(stored);
      return stored;
    },
    discard: () => writer.discard(),
  };
}

async function readSmall(
  store: ObjectStore,
  reports: DamageReports,
  digest: string,
  sizeBytes: number,
): Promise<Buffer> {
  const bytes = await bytesOf(await store.read(digest, { from: 0, to: sizeBytes }));
  if (bytes.length !== sizeBytes || hash('sha256', bytes, 'hex') !== digest) throw reports.altered(digest);
  reports.sound(digest);
  return bytes;
}

/** Gives a chunk once it was hashed, so that its receiver may write over it; holds the newest back, and the last until the digest fits. */
async function* readWhole(
  store: ObjectStore,
  reports: DamageReports,
  digest: string,
  sizeBytes: number,
): AsyncGenerator<Buffer, void, undefined> {
  const sha256 = hashOnThread();
  let isOver = false;
  try {
    const held: Promise<Buffer>[] = [];
    let readBytes = 0;
    for await (const chunk of await store.read(digest, { from: 0, to: sizeBytes })) {
      readBytes += chunk.length;
      const isAway = isGiven(chunk);
      const hashed = sha256.update(chunk);
      hashed.catch(() => undefined); // told where it is awaited, or by the digest
      held.push(hashed);
      if (!isAway) await hashed;
      const oldest = held.length > MOST_HELD ? held.shift() : undefined;
      if (oldest) yield await oldest;
    }
    isOver = true;
    if ((await sha256.digest()) !== digest || readBytes !== sizeBytes) throw reports.altered(digest);
    reports.sound(digest);
    for (const hashed of held) yield await hashed;
  } finally {
    if (!isOver) sha256.discard();
  }
}

/** Bytes `[from, to)`, each block of them compared with the list of blocks before it is released. */
async function* readPart(
  store: ObjectStore,
  reports: DamageReports,
  digest: string,
  list: BlockList,
  { from, to }: ByteSpan,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const some of inBlocks(store, digest, { from, to }, list.sizeBytes)) {
    for (const { block, at } of eachBlock(some)) if (!list.fits(block, at)) throw reports.altered(digest);
    const { bytes, at } = some;
    yield bytes.subarray(Math.max(0, from - at), Math.min(bytes.length, to - at));
  }
}

/** It has another size than who asks has on record: one of the two is not what it was. */
async function unlikeRecord(
  store: ObjectStore,
  reports: DamageReports,
  { digest, sizeBytes, recordedBytes }: { digest: string; sizeBytes: number; recordedBytes: number },
): Promise<AppError> {
  for await (const _ of readWhole(store, reports, digest, sizeBytes)); // throws when it is not the object
  return new AppError(
    'EVIDENCE_ALTERED',
    `evidence object ${digest} has ${sizeBytes} bytes, and ${recordedBytes} on record: the record was altered`,
    { digest },
  );
}

function spanOf(wanted: Wanted | undefined, sizeBytes: number): ByteSpan | null {
  return wanted && 'from' in wanted ? { from: wanted.from, to: Math.min(wanted.to, sizeBytes) } : null;
}

async function* only(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  if (bytes.length > 0) yield bytes;
}
