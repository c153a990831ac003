import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { progressLine, showProgress } from './progress';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What is written to a terminal, or to a pipe, by a progress that lasts so long. */
function shownAfter(elapsedMs: number, isTTY: boolean): string {
  const written: string[] = [];
  const terminal = Object.assign(new PassThrough(), {
    isTTY,
    columns: 120,
    write: (text: string) => written.push(text) > 0,
  });
  // Of a terminal only these are used.
  const progress = showProgress(terminal as unknown as NodeJS.WriteStream, 2e9, () => 1e9);
  vi.advanceTimersByTime(elapsedMs);
  progress.end();
  return written.join('');
}

it('is shown on a terminal once the work has taken a second, and cleared at the end', () => {
  expect(shownAfter(900, true)).toBe('');
  const shown = shownAfter(1200, true);
  expect(shown).toContain('50 %  1.0 GB of 2.0 GB');
  expect(shown.endsWith('\r\u001b[K')).toBe(true);
  expect(shownAfter(5000, false)).toBe('');
});

it('says how far, how fast and how long, as far as that is known', () => {
  expect(progressLine(620e6, 1e9, 1500)).toBe('███████████████░░░░░░░░░  62 %  620 MB of 1.0 GB, 413 MB/s, 1 s left');
  expect(progressLine(620e6, null, 1000)).toBe('620 MB read, 620 MB/s');
  expect(progressLine(1.5e9, 1e9, 1000)).toBe('1.5 GB read, 1.5 GB/s');
});
