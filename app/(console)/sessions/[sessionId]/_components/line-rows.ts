import type { SessionGroups } from '@/lib/schemas/sessions';

export type Group = SessionGroups['groups'][number];
/** A row of the line: nothing for a while, what a group of steps comes to, or a step by its place among all that are shown, from 0. */
export type LineRow =
  | { kind: 'gap'; seconds: number; group: Group }
  | { kind: 'group'; group: Group; first: number }
  | { kind: 'step'; position: number; group: Group };

/** A group of one says nothing that its step does not. */
const HEADED = 2;
const HOUR_MS = 3_600_000;

/** Whether a heading says the day of its steps: none is an hour after it. */
export function isDated({ records, from, to }: Group): boolean {
  return records >= HEADED && from !== null && to !== null && Date.parse(to) - Date.parse(from) < HOUR_MS;
}

type Placed = { group: Group; row: number; first: number; rows: number };

/** The rows of groups, found by their place without being made. */
export class LineRows {
  readonly #placed: Placed[] = [];
  readonly count: number;
  readonly steps: number;

  constructor(readonly groups: readonly Group[]) {
    let row = 0;
    let first = 0;
    for (const group of groups) {
      const rows = (group.gapSeconds === null ? 0 : 1) + (group.records >= HEADED ? 1 : 0) + group.records;
      this.#placed.push({ group, row, first, rows });
      row += rows;
      first += group.records;
    }
    this.count = row;
    this.steps = first;
  }

  at(row: number): LineRow | null {
    const placed = this.#holding(row, 'row');
    if (!placed) return null;
    const { group, first } = placed;
    let within = row - placed.row;
    if (group.gapSeconds !== null) {
      if (within === 0) return { kind: 'gap', seconds: group.gapSeconds, group };
      within -= 1;
    }
    if (group.records >= HEADED) {
      if (within === 0) return { kind: 'group', group, first };
      within -= 1;
    }
    return within < group.records ? { kind: 'step', position: first + within, group } : null;
  }

  /** The row of a step. */
  rowOf(position: number): number {
    const placed = this.#holding(position, 'first');
    return placed ? placed.row + placed.rows - placed.group.records + (position - placed.first) : 0;
  }

  /** The group a step is in, and the place of its first one. */
  groupOf(position: number): { group: Group; first: number } | null {
    return this.#holding(position, 'first');
  }

  /** The last one that begins at a place or before it. */
  #holding(place: number, by: 'row' | 'first'): Placed | null {
    let [low, high] = [0, this.#placed.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#placed[middle]?.[by] ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return this.#placed[low - 1] ?? null;
  }
}

/** The place of the first step that may have changed between two times the groups were read; null when none has. */
export function firstChanged(before: readonly Group[], after: readonly Group[]): number | null {
  let first = 0;
  for (const [at, group] of after.entries()) {
    const was = before[at];
    if (!was || was.records !== group.records || was.cursor !== group.cursor) return first;
    first += group.records;
  }
  return before.length > after.length ? first : null;
}
