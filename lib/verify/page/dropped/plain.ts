import { compressionOf } from '../../../core/bytes/file-kind';
import { type Source, chunksOf, headOf, streamOf } from './source';

/** What is inside a source: itself, or what it is compressed from. */
export type Plain = { source: Source; isPacked: boolean; open(): AsyncIterable<Uint8Array> };

/** Undoes gzip, told by the first bytes. */
export async function plainOf(source: Source): Promise<Plain> {
  const { bytes } = await headOf(source.open(), 4);
  if (compressionOf(bytes) !== 'gzip') return { source, isPacked: false, open: () => source.open() };
  return { source, isPacked: true, open: () => inflated(source.open(), 'gzip', 'The gzip stream is damaged, cut off, or followed by other bytes.') };
}

/** @throws Error with the message when the stream is not what it should be. */
export async function* inflated(packed: AsyncIterable<Uint8Array>, format: CompressionFormat, message: string): AsyncGenerator<Uint8Array> {
  const stream = streamOf(packed).pipeThrough(new DecompressionStream(format));
  try {
    yield* chunksOf(stream);
  } catch (error) {
    throw error instanceof TypeError ? new Error(message, { cause: error }) : error;
  }
}
