// Entry of a thread that makes blocks of rows of segments, chunk by chunk as they come.
import 'server-only';
import { createHasher } from '../crypto/hasher';
import { serveStreams } from '../threads/serve-streams';
import { createBlockWriter } from './native-block';
import { type RowsOf, createRowReader } from './row-reader';

/** Rows, and bytes of their records, that are one block: of long records it takes few. Some six blocks are in memory at once. */
const BLOCK_ROWS = 32_768;
const BLOCK_BYTES = 16 * 1024 * 1024;

const hasher = await createHasher();
serveStreams<RowsOf, { records: number }>((of) => {
  const writer = createBlockWriter();
  let made: Uint8Array<ArrayBuffer>[] = [];
  let [records, bytes] = [0, 0];
  const cut = (): void => {
    if (writer.rows > 0) made.push(writer.end());
    bytes = 0;
  };
  const reader = createRowReader(of, hasher, (row) => {
    writer.add(row);
    records += 1;
    bytes += row.byteLength;
    if (writer.rows >= BLOCK_ROWS || bytes >= BLOCK_BYTES) cut();
  });
  return {
    push: reader.push,
    end() {
      reader.end();
      cut();
      return { records };
    },
    parts() {
      const parts = made;
      made = [];
      return parts;
    },
  };
});
