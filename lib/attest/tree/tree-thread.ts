// Entry of a thread that builds the trees of segments one after another, chunk by chunk as they come.
import 'server-only';
import type { FormatId } from '../../core/chain/format';
import { recordTest } from '../../core/merkle/record-test';
import { type SegmentTree, createSegmentTree } from '../../core/merkle/segment-tree';
import { createHasher } from '../../crypto/hasher';
import { serveStreams } from '../../threads/serve-streams';

export type TreeOf = { phase: number; format: FormatId; damaged: boolean };
export type TreeMade = { tree: SegmentTree };

const hasher = await createHasher();
serveStreams<TreeOf, TreeMade>(({ phase, format, damaged }) => {
  const builder = createSegmentTree(hasher, { phase, recordsIn: damaged ? recordTest(format, hasher) : null });
  return {
    push: (chunk) => builder.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)),
    end: () => ({ tree: builder.end() }),
  };
});
