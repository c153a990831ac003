/** Findings are counted so far, of each status; at it there may be more. */
export const MOST_COUNTED = 1_000;
