// Entry of a thread that hashes many streams, each slot by slot as it comes.
import { type Hash, createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** `bytes` lies in shared memory, which is the sender's again once it is answered. */
export type ToHash = { stream: number; bytes: Uint8Array } | { stream: number; end: 'digest' | 'discard' };
export type FromHash = { stream: number; digest: string | null };

const hashes = new Map<number, Hash>();

parentPort?.on('message', (message: ToHash) => {
  const { stream } = message;
  if ('bytes' in message) {
    const hash = hashes.get(stream) ?? createHash('sha256');
    hashes.set(stream, hash.update(message.bytes));
    parentPort?.postMessage({ stream, digest: null } satisfies FromHash, []);
    return;
  }
  const hash = hashes.get(stream) ?? createHash('sha256');
  hashes.delete(stream);
  if (message.end === 'digest') parentPort?.postMessage({ stream, digest: hash.digest('hex') } satisfies FromHash, []);
});
