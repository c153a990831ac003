import type { Progress } from './messages';

const PROGRESS_MS = 100;

/** Reports how far a reading is, ten times a second at most. */
export class ProgressReport {
  #what = '';
  #doneBytes = 0;
  #totalBytes = 0;
  #sinceMs = 0;
  #reportedMs = 0;

  constructor(
    private readonly now: () => number,
    private readonly report: (progress: Omit<Progress, 'waiting'>) => void,
  ) {}

  begin(what: string, totalBytes: number): void {
    this.#what = what;
    this.#doneBytes = 0;
    this.#totalBytes = totalBytes;
    this.#sinceMs = this.now();
    this.#reportedMs = 0;
  }

  /** What is read from now on is not reported. */
  end(): void {
    this.begin('', 0);
  }

  add(sizeBytes: number): void {
    this.#doneBytes += sizeBytes;
    const atMs = this.now();
    if (atMs - this.#reportedMs < PROGRESS_MS || this.#what === '') return;
    this.#reportedMs = atMs;
    const elapsedMs = atMs - this.#sinceMs;
    this.report({
      what: this.#what,
      doneBytes: Math.min(this.#doneBytes, this.#totalBytes),
      totalBytes: this.#totalBytes,
      bytesPerSecond: elapsedMs > 0 ? (this.#doneBytes / elapsedMs) * 1000 : 0,
    });
  }
}
