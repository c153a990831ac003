// Entry of a thread that checks segments one after another, chunk by chunk as they come.
import 'server-only';
import { parentPort } from 'node:worker_threads';
import type { SegmentCheck } from '../core/chain/check';
import { createSegmentChecker } from '../core/chain/check-segment';
import type { FormatId } from '../core/chain/format';
import type { Problem } from '../core/chain/problem';
import { formatById } from '../core/formats';
import { createHasher } from '../hasher';

/** `run` tells one segment from the next: one may be given up halfway. */
export type ToThread = { run: number } & ({ begin: FormatId } | { chunk: Uint8Array } | { end: true });
export type FromThread = { run: number; checked: { check: SegmentCheck; problems: Problem[] } | null };

const hasher = await createHasher();
let checker: ReturnType<typeof createSegmentChecker> | null = null;

parentPort?.on('message', (message: ToThread) => {
  if ('begin' in message) {
    checker = createSegmentChecker(formatById(message.begin), hasher);
    return;
  }
  if ('chunk' in message) checker?.push(message.chunk);
  const checked = 'end' in message && checker ? checker.end() : null;
  if (checked) checker = null;
  parentPort?.postMessage({ run: message.run, checked } satisfies FromThread);
});
