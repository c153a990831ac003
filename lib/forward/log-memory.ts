import { isSameFile, type LogFile, logFiles } from './log-files';
import { openAsListed } from './open-file';
import { printsUpTo } from './print';
import { type FileMark, type LogState, MANY_DONE, writeState } from './state';

/** What is acknowledged is written down this often at least. The server knows it as well. */
const SAVE_EVERY_MS = 1_000;

/** What is remembered of one log, and when it is written down. */
export class LogMemory {
  #savedAtMs = 0;
  #isDirty = false;

  constructor(
    private readonly stateDir: string,
    private readonly state: LogState,
  ) {}

  /** Something of the state changed: it is written down in a moment. */
  touch(): void {
    this.#isDirty = true;
  }

  async acknowledge(file: FileMark, { offset, head }: { offset: number; head: string | null }): Promise<void> {
    Object.assign(this.state, { file, offset, head, isOffsetOpen: false });
    this.#isDirty = true;
    if (Date.now() - this.#savedAtMs >= SAVE_EVERY_MS) await this.save();
  }

  /** Files that are no more are forgotten once there are many. */
  async recordDone(passed: LogState['done']): Promise<void> {
    this.state.done = [...this.state.done, ...passed];
    if (this.state.done.length <= MANY_DONE) return;
    const files = await logFiles(this.state.log);
    this.state.done = this.state.done.filter((one) => files.some((file) => isSameFile(file, one)));
  }

  /** A file that is not sent counts as done. */
  async passOver(file: LogFile): Promise<void> {
    const handle = await openAsListed(file);
    if (!handle) return;
    try {
      const { start } = await printsUpTo(handle, (await handle.stat()).size);
      await this.recordDone([{ dev: file.dev, ino: file.ino, start }]);
    } finally {
      await handle.close();
    }
  }

  async saveIfDirty(): Promise<void> {
    if (this.#isDirty) await this.save();
  }

  async save(): Promise<void> {
    await writeState(this.stateDir, this.state);
    this.#savedAtMs = Date.now();
    this.#isDirty = false;
  }
}
