/** Findings that one incident report is of at most. */
export const MOST_REPORTED = 200;
