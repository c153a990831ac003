// Where tests that are about no disk keep their files: in memory, where a machine has enough of it.
import { chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';
import path from 'node:path';

const IN_MEMORY = '/dev/shm';
/** What all of them keep at a time is a tenth of it. */
const ENOUGH_BYTES = 4 * 1024 ** 3;

/**
 * Runs with an environment in which temporary files lie in memory: engines make and take away some thousand small ones a second, which a disk takes a
 * tenth of the time for. Without enough memory they lie where they lie by default.
 * @template T @param {(env: Record<string, string>) => Promise<T>} run @returns {Promise<T>}
 */
export async function withScratch(run) {
  if (!hasRoom()) return run({});
  const folder = mkdtempSync(path.join(IN_MEMORY, 'sealtrail-tests-'));
  chmodSync(folder, 0o711); // PostgreSQL is another user's where this one is root
  try {
    return await run({ TMPDIR: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function hasRoom() {
  try {
    const isMemory = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .some((line) => line.split(' ').slice(1, 3).join(' ') === `${IN_MEMORY} tmpfs`);
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return isMemory && bavail * bsize >= ENOUGH_BYTES && freemem() >= 2 * ENOUGH_BYTES;
  } catch {
    return false; // no Linux, or a container without it
  }
}
