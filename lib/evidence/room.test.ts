import { expect, it } from 'vitest';
import { createRoom } from './room';

const MIB = 1024 * 1024;

it.each([
  ['at once', 0],
  ['some mebibytes late', 3 * MIB],
])('never lets a writer into the reserve when what it writes reaches the disk %s', async (_, lateBytes) => {
  let taken = 0;
  const free = () => 100 * MIB - Math.max(0, taken - lateBytes);
  const room = createRoom('', { reserveBytes: 20 * MIB, freeBytes: async () => free() }, 'it');
  const work = async () => {
    for (;;) {
      await room.take(MIB / 4);
      taken += MIB / 4;
    }
  };
  await expect(work()).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  expect(taken).toBeLessThanOrEqual(80 * MIB);
  expect(taken).toBeGreaterThan(70 * MIB);
});
