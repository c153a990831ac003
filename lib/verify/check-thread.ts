// Entry of a thread that checks segments one after another, chunk by chunk as they come.
import 'server-only';
import { type Hash, createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { SegmentCheck } from '../core/chain/check';
import { createSegmentChecker } from '../core/chain/check-segment';
import type { FormatId } from '../core/chain/format';
import type { Problem } from '../core/chain/problem';
import { formatById } from '../core/formats';
import { createHasher } from '../hasher';

/** `run` tells one segment from the next: one may be given up halfway. */
export type ToThread = { run: number } & ({ begin: FormatId } | { chunk: Uint8Array } | { end: true });
/** `sha256` is of the bytes that were checked, in lower-case hex. */
export type Checked = { check: SegmentCheck; problems: Problem[]; sha256: string };
export type FromThread = { run: number; checked: Checked | null };

const hasher = await createHasher();
let segment: { checker: ReturnType<typeof createSegmentChecker>; sha256: Hash } | null = null;

parentPort?.on('message', (message: ToThread) => {
  if ('begin' in message) {
    segment = { checker: createSegmentChecker(formatById(message.begin), hasher), sha256: createHash('sha256') };
    return;
  }
  if ('chunk' in message) {
    segment?.sha256.update(message.chunk);
    segment?.checker.push(message.chunk);
  }
  const checked = 'end' in message && segment ? { ...segment.checker.end(), sha256: segment.sha256.digest('hex') } : null;
  if (checked) segment = null;
  parentPort?.postMessage({ run: message.run, checked } satisfies FromThread);
});
