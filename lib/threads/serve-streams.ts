import 'server-only';
import { type Hash, createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { giveUp } from './give-up';

/** `run` tells one stream from the next: one may be given up halfway. */
export type ToStream<Begin> = { run: number } & ({ begin: Begin } | { chunk: Uint8Array } | { end: true });
/** What came of a stream, and the SHA-256 of its bytes in lower-case hex. */
export type Streamed<Made> = Made & { sha256: string };
export type FromStream<Made> = { run: number; made: Streamed<Made> | null; parts: Uint8Array<ArrayBuffer>[] };

/** What takes the chunks of one stream. A chunk may lie in memory that others read too. */
export type StreamTaker<Made> = {
  /** The bytes are gone once this returns. */
  push(chunk: Uint8Array): void;
  end(): Made;
  /** What was made since it was asked last; it is given away. */
  parts?(): Uint8Array<ArrayBuffer>[];
};

/** The thread's side of `sendStream`: one stream after another, hashed and given to the taker that its first message asks for. */
export function serveStreams<Begin, Made extends object>(takerOf: (begin: Begin) => StreamTaker<Made>): void {
  let stream: { taker: StreamTaker<Made>; sha256: Hash } | null = null;
  parentPort?.on('message', (message: ToStream<Begin>) => {
    if ('begin' in message) {
      stream = { taker: takerOf(message.begin), sha256: createHash('sha256') };
      return;
    }
    if ('chunk' in message) {
      stream?.sha256.update(message.chunk);
      stream?.taker.push(message.chunk);
      giveUp(message.chunk);
    }
    const made = 'end' in message && stream ? { ...stream.taker.end(), sha256: stream.sha256.digest('hex') } : null;
    const parts = stream?.taker.parts?.() ?? [];
    if (made) stream = null;
    const answer: FromStream<Made> = { run: message.run, made, parts };
    parentPort?.postMessage(
      answer,
      parts.map(({ buffer }) => buffer),
    );
  });
}
