/** Where the lines of a count axis from 0 lie: at most five steps of 1, 2 or 5 times a power of ten, the last at or above `max`. */
export function countTicks(max: number): number[] {
  const rough = Math.max(1, max) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough) ?? rough);
  return Array.from({ length: Math.ceil(Math.max(1, max) / step) + 1 }, (_, at) => at * step);
}

/** The same of an amount that need not be whole: at most three steps. */
export function amountTicks(max: number): number[] {
  const rough = (max > 0 ? max : 1) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough) ?? rough;
  return Array.from({ length: Math.ceil((max > 0 ? max : 1) / step) + 1 }, (_, at) => at * step);
}

/** Which of `count` bars are named below the axis, evenly: at most `most`. */
export function namedBars(count: number, most: number): number[] {
  const every = Math.max(1, Math.ceil(count / most));
  return Array.from({ length: Math.ceil(count / every) }, (_, at) => at * every);
}
