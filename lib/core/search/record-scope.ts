/** Which records are counted: those of these chains, by id, and of these agents; of all where it is null. */
export type RecordScope = { chainIds: readonly string[] | null; agents: readonly string[] | null };

export const EVERY_RECORD: RecordScope = { chainIds: null, agents: null };

export function isEveryRecord({ chainIds, agents }: RecordScope): boolean {
  return chainIds === null && agents === null;
}
