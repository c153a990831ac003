// Entry of a thread that hashes many streams, each slot by slot as it comes.
import { type Hash, createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** `bytes` lies in shared memory, or in memory that is given to the thread and given back: either is the sender's again once it is answered. */
export type ToHash = { stream: number; bytes: Uint8Array } | { stream: number; end: 'digest' | 'discard' };
export type FromHash = { stream: number } & (
  | { digest: string }
  | {
      digest: null;
      /** The memory that was given. */
      given: ArrayBuffer | null;
    }
);

const hashes = new Map<number, Hash>();

parentPort?.on('message', (message: ToHash) => {
  const { stream } = message;
  if ('bytes' in message) {
    const hash = hashes.get(stream) ?? createHash('sha256');
    hashes.set(stream, hash.update(message.bytes));
    const { buffer } = message.bytes;
    const given = buffer instanceof ArrayBuffer ? buffer : null;
    parentPort?.postMessage({ stream, digest: null, given } satisfies FromHash, given ? [given] : []);
    return;
  }
  const hash = hashes.get(stream) ?? createHash('sha256');
  hashes.delete(stream);
  if (message.end === 'digest') parentPort?.postMessage({ stream, digest: hash.digest('hex') } satisfies FromHash, []);
});
