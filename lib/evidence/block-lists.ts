import 'server-only';
import { createHash, hash } from 'node:crypto';
import type { AppError } from '../core/errors';
import { giveUp } from '../threads/give-up';
import { BLOCK_BYTES, eachBlock, inBlocks } from './in-blocks';
import type { ObjectStore } from './store';

const DIGEST_BYTES = 32;
/** Digests remembered by a process: 32 MiB of them prove the parts of 256 GiB of evidence. */
const MOST_BYTES = 32 * 1024 * 1024;

export type BlockList = {
  sizeBytes: number;
  /** Whether `block` is what was at byte `at` of the object when all of it was proven. */
  fits(block: Buffer, at: number): boolean;
};

/**
 * The SHA-256 of every block of an object, made by reading all of it once and kept only when the whole had the digest that is its name.
 * It is kept in the memory of the process and nowhere else: a list beside the object, or in the database, would be trusted without
 * being proven, by the very reads that an attacker who altered the object wants trusted. The price is one whole read, of at most a segment,
 * by each process the first time it wants a part; what was used longest ago is forgotten.
 */
export function createBlockLists(
  store: ObjectStore,
  { altered, sound }: { altered(digest: string): AppError; sound(digest: string): void },
) {
  const lists = new Map<string, Promise<BlockList>>();
  const sizes = new Map<string, number>();
  let heldBytes = 0;

  const make = async (digest: string, sizeBytes: number): Promise<BlockList> => {
    const blocks = Buffer.alloc(Math.ceil(sizeBytes / BLOCK_BYTES) * DIGEST_BYTES);
    const whole = createHash('sha256');
    let readBytes = 0;
    for await (const some of inBlocks(store, digest, { from: 0, to: sizeBytes }, sizeBytes)) {
      whole.update(some.bytes);
      for (const { block, at } of eachBlock(some))
        hash('sha256', block, 'buffer').copy(blocks, (at / BLOCK_BYTES) * DIGEST_BYTES);
      readBytes += some.bytes.length;
      giveUp(some.bytes);
    }
    if (readBytes !== sizeBytes || whole.digest('hex') !== digest) throw altered(digest);
    sound(digest);
    return {
      sizeBytes,
      fits(block, at) {
        const place = (at / BLOCK_BYTES) * DIGEST_BYTES;
        return (
          block.length === Math.min(BLOCK_BYTES, sizeBytes - at) &&
          hash('sha256', block, 'buffer').equals(blocks.subarray(place, place + DIGEST_BYTES))
        );
      },
    };
  };
  const forget = (digest: string) => {
    lists.delete(digest);
    heldBytes -= sizes.get(digest) ?? 0;
    sizes.delete(digest);
  };

  return {
    /** The list of an object, which is `sizeBytes` long as far as can be seen before. @throws AppError EVIDENCE_ALTERED, EVIDENCE_MISSING, EVIDENCE_UNAVAILABLE. */
    of(digest: string, sizeBytes: number): Promise<BlockList> {
      const known = lists.get(digest);
      if (known) {
        lists.delete(digest);
        lists.set(digest, known);
        return known;
      }
      const list = make(digest, sizeBytes);
      lists.set(digest, list);
      sizes.set(digest, Math.ceil(sizeBytes / BLOCK_BYTES) * DIGEST_BYTES);
      heldBytes += sizes.get(digest) ?? 0;
      list.catch(() => {
        if (lists.get(digest) === list) forget(digest);
      });
      for (const oldest of lists.keys()) {
        if (heldBytes <= MOST_BYTES || oldest === digest) break;
        forget(oldest);
      }
      return list;
    },
  };
}
