const STEPS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** In words, the largest unit and the next: `2 days 4 hours`, `15 minutes`, `under a second`. */
export function formatDuration(durationMs: number): string {
  let seconds = Math.floor(Math.abs(durationMs) / 1000);
  if (seconds < 1) return 'under a second';
  const words: string[] = [];
  for (const [unit, size] of STEPS) {
    const count = Math.floor(seconds / size);
    if (count > 0) {
      words.push(`${count.toLocaleString('en-GB')} ${unit}${count === 1 ? '' : 's'}`);
      seconds -= count * size;
    }
    // "2 days 5 seconds" says less than "2 days"
    if (words.length === 2 || (words.length === 1 && count === 0)) break;
  }
  return words.join(' ');
}

/** Relative to `now`, one unit: `3 hours ago`, `in 2 days`, `just now`. */
export function formatAgo(at: string, now: number): string {
  const deltaMs = now - Date.parse(at);
  const seconds = Math.abs(deltaMs) / 1000;
  if (seconds < 45) return 'just now';
  const [unit, size] = STEPS.find(([, step]) => seconds >= step * 0.95) ?? STEPS[3];
  const count = Math.max(1, Math.round(seconds / size));
  const words = `${count.toLocaleString('en-GB')} ${unit}${count === 1 ? '' : 's'}`;
  return deltaMs >= 0 ? `${words} ago` : `in ${words}`;
}
