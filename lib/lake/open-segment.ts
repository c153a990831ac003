/** Where records of an open segment stand in the lake, until it is closed and loaded by its digest. */
export const OPEN_SEGMENT = { index: 2 ** 32 - 1, digest: '' } as const;
