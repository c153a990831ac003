// Entry of a thread that builds the trees of segments one after another, chunk by chunk as they come.
import 'server-only';
import { parentPort } from 'node:worker_threads';
import type { FormatId } from '../../core/chain/format';
import { type SegmentTree, createSegmentTree } from '../../core/merkle/segment-tree';
import { createHasher } from '../../hasher';
import { recordTest } from '../../core/merkle/record-test';

/** `run` tells one segment from the next: one may be given up halfway. */
export type ToThread = { run: number } & ({ begin: { phase: number; format: FormatId; damaged: boolean } } | { chunk: Uint8Array<ArrayBuffer> } | { end: true });
export type FromThread = { run: number; tree: SegmentTree | null };

const hasher = await createHasher();
let builder: ReturnType<typeof createSegmentTree> | null = null;

parentPort?.on('message', (message: ToThread) => {
  if ('begin' in message) {
    const { phase, format, damaged } = message.begin;
    builder = createSegmentTree(hasher, { phase, recordsIn: damaged ? recordTest(format, hasher) : null });
    return;
  }
  if ('chunk' in message) builder?.push(Buffer.from(message.chunk.buffer));
  const tree = 'end' in message && builder ? builder.end() : null;
  if (tree) builder = null;
  parentPort?.postMessage({ run: message.run, tree } satisfies FromThread);
});
