import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { createThreadPool } from './thread-pool';

const ENTRY = 'lib/attest/tree/tree-thread.ts';

it('ends threads that have no work, and starts others when there is some again', async () => {
  const pool = createThreadPool(ENTRY, 1, { idleMs: 1 });
  const used: Worker[] = [];
  for (let turn = 0; turn < 2; turn += 1) {
    const thread = await pool.use(async (one) => one);
    used.push(thread);
    await once(thread, 'exit');
  }
  expect(new Set(used).size).toBe(2);
  await pool.close();
});
