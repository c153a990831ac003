import { type FSWatcher, watch } from 'node:fs';
import path from 'node:path';

/** Folders watched at most; what lies in others is found by looking. */
const MOST_WATCHED = 1_000;

/** Tells of changes in folders as soon as the system does. It may tell too often, or not at all. */
export class FolderWatch {
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(private readonly onChange: (file: string) => void) {}

  add(folder: string): void {
    if (this.#watchers.has(folder) || this.#watchers.size >= MOST_WATCHED) return;
    try {
      const watcher = watch(
        folder,
        { persistent: false },
        (_, name) => name !== null && this.onChange(path.join(folder, name)),
      );
      watcher.on('error', () => this.#drop(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // No hints from there: files are looked at all the same.
    }
  }

  close(): void {
    for (const folder of this.#watchers.keys()) this.#drop(folder);
  }

  #drop(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}

/** Sleeps until `wake` or the time is over. A wake while nobody sleeps ends the next sleep at once. */
export class Sleeper {
  #isAwake = false;
  #wake: (() => void) | null = null;

  wake(): void {
    this.#isAwake = true;
    this.#wake?.();
  }

  async sleep(ms: number): Promise<void> {
    if (!this.#isAwake) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = null;
    this.#isAwake = false;
  }
}
