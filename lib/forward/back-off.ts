const FIRST_MS = 500;
const MOST_MS = 30_000;

/** How long to wait after so many failures in a row: doubled each time up to 30 s, half of it at random so that many senders spread. */
export function backOffMs(failuresBefore: number, random: () => number = Math.random): number {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failuresBefore, 10));
  return most * (0.5 + random() / 2);
}
