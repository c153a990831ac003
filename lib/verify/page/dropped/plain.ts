import { compressionOf } from '../../../core/bytes/file-kind';
import { headOf, openFile } from '../../log/head';
import type { LogFile } from '../../log/log-source';
import { type Source, chunksOf, streamOf } from './source';

/** What is inside a source: itself, or what it is compressed from. */
export type Plain = LogFile & { source: Source; isPacked: boolean };

/** Undoes gzip, told by the first bytes. */
export async function plainOf(source: Source): Promise<Plain> {
  const { bytes } = await headOf(source.open(), 4);
  if (compressionOf(bytes) !== 'gzip')
    return { ...openFile(source.name, () => source.open()), source, isPacked: false };
  return {
    ...openFile(source.name, () =>
      inflated(source.open(), 'gzip', 'The gzip stream is damaged, cut off, or followed by other bytes.'),
    ),
    source,
    isPacked: true,
  };
}

/** @throws Error with the message when the stream is not what it should be. */
export async function* inflated(
  packed: AsyncIterable<Uint8Array>,
  format: CompressionFormat,
  message: string,
): AsyncGenerator<Uint8Array> {
  const stream = streamOf(packed).pipeThrough(new DecompressionStream(format));
  try {
    yield* chunksOf(stream);
  } catch (error) {
    throw error instanceof TypeError ? new Error(message, { cause: error }) : error;
  }
}
