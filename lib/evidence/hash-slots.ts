/** Bytes on their way to a thread at once; a stream has two of these, so that one is filled while the other is hashed. */
export const SLOT_BYTES = 1024 * 1024;
const SLOTS = 2;
/** Slots kept for the next streams. */
const MOST_IDLE = 8;

export type Slot = Uint8Array<SharedArrayBuffer>;

const idle: SharedArrayBuffer[] = [];

/** The memory one stream shares with the thread that hashes it. */
export class Slots {
  readonly #free: Slot[] = [];
  #made = 0;

  get isAvailable(): boolean {
    return this.#free.length > 0 || this.#made < SLOTS;
  }

  /** One that is available. */
  take(): Slot {
    const free = this.#free.pop();
    if (free) return free;
    this.#made += 1;
    return new Uint8Array(idle.pop() ?? new SharedArrayBuffer(SLOT_BYTES));
  }

  giveBack(slot: Slot): void {
    this.#free.push(slot);
  }

  /** Leaves what was given back to the next streams. */
  release(): void {
    for (const { buffer } of this.#free.splice(0)) if (idle.length < MOST_IDLE) idle.push(buffer);
  }
}
