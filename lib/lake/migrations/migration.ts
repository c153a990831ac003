/**
 * A step from one shape of the table of events to the next. One that has landed is never edited. `in-place` changes the table as it stands, and
 * gives statements that can run twice. `rebuild` is a change no statement can make, of the order of the rows or of what is made of a record:
 * `inPlace` brings what is served meanwhile so far that today's questions can be asked of it, and the rows are made again from evidence in a
 * new table, which takes its place when it is whole.
 */
export type LakeMigration = {
  /** Ordered by it. */
  readonly id: string;
  readonly kind: 'in-place' | 'rebuild';
  readonly inPlace: (table: string) => readonly string[];
  /** Columns that hold something else once the rows are made again. */
  readonly remakes?: readonly string[];
};
