/** What a record states of a git repository. Null where it does not say. */
export type GitState = {
  isRepo: boolean;
  head: string | null;
  branch: string | null;
  dirty: boolean;
  changedFiles: readonly string[];
  untrackedFiles: readonly string[];
};

/** How a format's records state it. */
export type GitStates = {
  /** Kinds of events that do. */
  readonly kinds: readonly string[];
  /** Null for a record that states none. */
  read(record: Readonly<Record<string, unknown>>): GitState | null;
};
