import { AppError } from '../core/errors';

type Reading = { at: number; rest: Uint8Array; chunks: AsyncIterator<Uint8Array> };

/** As many unfinished readings are kept to go on from. */
const KEPT = 8;

/**
 * Reads ranges of bytes. With `restart`, which gives the bytes only from the start, a reading goes on where one before it stopped when that
 * is not past the range; otherwise `from` gives them from any byte on. Readings must be ended before `close`.
 */
export function createForwardReader(
  restart: (() => AsyncIterable<Uint8Array>) | null,
  from: (byteOffset: number) => AsyncIterable<Uint8Array>,
): { read(start: number, end: number): AsyncGenerator<Uint8Array>; close(): Promise<void> } {
  const kept: Reading[] = [];

  function begin(start: number): Reading {
    const nearest = kept.filter(({ at }) => at <= start).toSorted((a, b) => b.at - a.at)[0];
    if (nearest) kept.splice(kept.indexOf(nearest), 1);
    const fresh = (): Reading => ({
      at: restart ? 0 : start,
      rest: new Uint8Array(0),
      chunks: (restart ? restart() : from(start))[Symbol.asyncIterator](),
    });
    return nearest ?? fresh();
  }

  async function keep(reading: Reading): Promise<void> {
    kept.push(reading);
    const dropped = restart === null || kept.length > KEPT ? kept.shift() : undefined;
    await dropped?.chunks.return?.();
  }

  return {
    async *read(start, end) {
      const reading = begin(start);
      let failed = true;
      try {
        while (reading.at < end) {
          if (reading.rest.length === 0) {
            const next = await reading.chunks.next();
            if (next.done)
              throw new AppError(
                'UNREADABLE_BODY',
                `became shorter while it was read: it ended at byte ${reading.at}, not ${end}`,
                { byteOffset: reading.at },
              );
            reading.rest = next.value;
          }
          const skipped = Math.min(reading.rest.length, Math.max(0, start - reading.at));
          const given = reading.rest.subarray(skipped, skipped + Math.max(0, end - reading.at - skipped));
          reading.at += skipped + given.length;
          reading.rest = reading.rest.subarray(skipped + given.length);
          failed = false;
          if (given.length > 0) yield given;
          failed = true;
        }
        failed = false;
      } finally {
        if (!failed) await keep(reading);
      }
    },
    async close() {
      await Promise.all(kept.splice(0).map(({ chunks }) => chunks.return?.()));
    },
  };
}
