/** Leaves `[start, end)` of a tree, of which `start` is a multiple of the power of two that holds them all. */
export type LeafRange = { start: number; end: number };

/** A subtree of 2^`level` leaves, the `index`th of that size. */
export type Subtree = { level: number; index: number };

/** The largest power of two below `size`, for sizes above 1. */
export function splitPoint(size: number): number {
  let point = 1;
  while (2 * point < size) point *= 2;
  return point;
}

/** The subtrees whose hashes prove that a leaf is in the tree of `size` leaves, from the leaf upwards. RFC 6962 section 2.1.1. */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!isCount(size) || !isCount(index) || index >= size)
    throw new RangeError(`a tree of ${size} has no leaf ${index}`);
  const ranges: LeafRange[] = [];
  for (let start = 0, end = size; end - start > 1; ) {
    const middle = start + splitPoint(end - start);
    if (index < middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  return ranges.toReversed();
}

/** The subtrees whose hashes prove that the tree of `from` leaves is the beginning of that of `to`. RFC 6962 section 2.1.2; none for the empty tree. */
export function consistencyRanges(from: number, to: number): LeafRange[] {
  if (!isCount(from) || !isCount(to) || from > to)
    throw new RangeError(`a tree of ${from} is no beginning of one of ${to}`);
  if (from === 0 || from === to) return [];
  const ranges: LeafRange[] = [];
  let [start, end] = [0, to];
  while (end !== from) {
    const middle = start + splitPoint(end - start);
    if (from <= middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  // The whole of the older tree is known to who asks; only a part of it must be told.
  if (start !== 0) ranges.push({ start, end });
  return ranges.toReversed();
}

/** The full subtrees a range consists of, from left to right, each smaller than the one before. */
export function subtreesOf({ start, end }: LeafRange): Subtree[] {
  const subtrees: Subtree[] = [];
  for (let at = start; at < end; ) {
    let [level, width] = [0, 1];
    while (2 * width <= end - at && at % (2 * width) === 0) [level, width] = [level + 1, 2 * width];
    subtrees.push({ level, index: at / width });
    at += width;
  }
  return subtrees;
}

function isCount(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 0;
}
