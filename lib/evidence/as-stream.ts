import { ReadableStream as NodeReadableStream } from 'node:stream/web';

/** Bytes as the body of an answer. A reader that goes away ends the reading. By way of Node's own streams it would take half as long again. */
export function asStream(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  return NodeReadableStream.from(chunks) as ReadableStream<Uint8Array>; // node's type of the same thing
}
