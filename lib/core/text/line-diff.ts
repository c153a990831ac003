/** A line of two texts: in both, in the first alone, or in the second alone, with its number from 1 in each. */
export type DiffLine = { kind: 'same' | 'gone' | 'new'; text: string; before: number | null; after: number | null };

/** Cells of the table that is filled; beyond, what differs is shown as gone and new whole. */
const MOST_CELLS = 4_000_000;

/** Lines of two texts by a longest common subsequence. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1;
  const same = (index: number, shift: number): DiffLine => ({
    kind: 'same',
    text: a[index] ?? '',
    before: index + 1,
    after: index + 1 + shift,
  });
  return [
    ...Array.from({ length: head }, (_, index) => same(index, 0)),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head),
    ...Array.from({ length: tail }, (_, index) => same(a.length - tail + index, b.length - a.length)),
  ];
}

/** The lines that differ of two texts, with some around each. */
export function changedLines(before: string, after: string, around = 3): DiffLine[] {
  const lines = diffLines(before, after);
  const isNear = (index: number) =>
    lines.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== 'same');
  return lines.filter((_, index) => isNear(index));
}

function linesOf(text: string): string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

function middle(a: readonly string[], b: readonly string[], from: number): DiffLine[] {
  const gone = (i: number): DiffLine => ({ kind: 'gone', text: a[i] ?? '', before: from + i + 1, after: null });
  const added = (j: number): DiffLine => ({ kind: 'new', text: b[j] ?? '', before: null, after: from + j + 1 });
  const width = b.length + 1;
  if (a.length * b.length > MOST_CELLS) return [...a.map((_, i) => gone(i)), ...b.map((_, j) => added(j))];
  // The longest common subsequence of what is left from (i, j) on.
  const longest = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i] ?? '', before: from + i + 1, after: from + j + 1 });
      i += 1;
      j += 1;
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(gone(i));
      i += 1;
    } else {
      lines.push(added(j));
      j += 1;
    }
  }
  return lines;
}
