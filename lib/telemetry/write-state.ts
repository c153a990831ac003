/** Writes in a row that must succeed before trouble counts as over: one success between failures is luck. */
const SUCCESSES_NEEDED = 3;

export type WriteState = {
  failed(cause: string, at: Date): void;
  succeeded(): void;
  /** Null while what is taken in is kept; otherwise since when it is not surely so, and why. */
  trouble(): { since: Date; cause: string } | null;
};

/** Whether what arrives can be made durable: in trouble at the first write that fails, out of it after three in a row that do not. */
export function createWriteState(): WriteState {
  let trouble: { since: Date; cause: string } | null = null;
  let successes = 0;
  return {
    failed(cause, at) {
      successes = 0;
      trouble = { since: trouble?.since ?? at, cause };
    },
    succeeded() {
      if (!trouble) return;
      successes += 1;
      if (successes >= SUCCESSES_NEEDED) trouble = null;
    },
    trouble: () => trouble,
  };
}
