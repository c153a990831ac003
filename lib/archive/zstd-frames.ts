import { zstdFrameOf } from '../core/bytes/file-kind';
import { AppError } from '../core/errors';

const DICTIONARY_BYTES = [0, 1, 2, 4] as const;
const SIZE_BYTES = [0, 2, 4, 8] as const;
const RLE = 1;

/**
 * The frames of a zstd stream one after another, each by its bytes as they come; frames to be skipped are left out (RFC 8878 section 3.1).
 * A frame must be read to its end before the next. @throws AppError UNREADABLE_BODY for what follows the last frame and is none, or ends in one.
 */
export async function* zstdFrames(bytes: AsyncIterable<Buffer>): AsyncGenerator<AsyncGenerator<Buffer>> {
  const reader = createReader(bytes);
  try {
    while (!(await reader.isAtEnd())) {
      const at = reader.position();
      const kind = zstdFrameOf(await reader.peek(4));
      if (kind === 'frame') yield frame(reader);
      else if (kind === 'skippable') {
        const header = await reader.take(8);
        for await (const _ of reader.pass(header.readUInt32LE(4))); // its content is nobody's
      } else
        throw new AppError(
          'UNREADABLE_BODY',
          `what stands at byte ${at}, behind the end of the zstd stream, is no frame of it`,
          { encoding: 'zstd', byteOffset: at },
        );
    }
  } finally {
    await reader.close();
  }
}

async function* frame(reader: Reader): AsyncGenerator<Buffer> {
  const descriptor = (await reader.peek(5))[4] ?? 0;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeBytes = descriptor >> 6 === 0 && isSingleSegment ? 1 : (SIZE_BYTES[descriptor >> 6] ?? 0);
  yield await reader.take(5 + (isSingleSegment ? 0 : 1) + (DICTIONARY_BYTES[descriptor & 3] ?? 0) + sizeBytes);
  for (let isLast = false; !isLast; ) {
    const header = await reader.take(3);
    yield header;
    const block = header.readUIntLE(0, 3);
    isLast = (block & 1) === 1;
    yield* reader.pass(((block >> 1) & 3) === RLE ? 1 : block >> 3);
  }
  if ((descriptor & 0x04) !== 0) yield await reader.take(4);
}

type Reader = ReturnType<typeof createReader>;

function createReader(bytes: AsyncIterable<Buffer>) {
  const source = bytes[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  let position = 0;
  const more = async (): Promise<boolean> => {
    const next = await source.next();
    if (next.done) return false;
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
    return true;
  };
  const peek = async (count: number): Promise<Buffer> => {
    while (held.length < count)
      if (!(await more()))
        throw new AppError('UNREADABLE_BODY', `the zstd stream is cut off after ${position + held.length} bytes`, {
          encoding: 'zstd',
          byteOffset: position + held.length,
        });
    return held.subarray(0, count);
  };
  const take = async (count: number): Promise<Buffer> => {
    const consumed = await peek(count);
    held = held.subarray(count);
    position += count;
    return consumed;
  };
  return {
    peek,
    take,
    position: () => position,
    close: async () => void (await source.return?.()),
    async isAtEnd() {
      return held.length === 0 && !(await more());
    },
    /** The next bytes in whatever pieces they come. */
    async *pass(count: number): AsyncGenerator<Buffer> {
      for (let left = count; left > 0; ) {
        if (held.length === 0) await peek(1);
        const part = await take(Math.min(left, held.length));
        left -= part.length;
        yield part;
      }
    },
  };
}
