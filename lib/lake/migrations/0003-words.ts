import type { LakeMigration } from './migration';

const WORDS = `lower(concatWithSeparator('\\n', kind, agent, session_id, run_id, tool, reason, policy, target, protocol, model, hash))`;

/** Words of records are found by an index. What is there already is indexed in the background; until then it is read. */
export const words: LakeMigration = {
  id: '0003-words',
  kind: 'in-place',
  inPlace: (table) => [
    `ALTER TABLE ${table} ADD INDEX IF NOT EXISTS words ${WORDS} TYPE text(tokenizer = splitByNonAlpha)`,
    `ALTER TABLE ${table} MATERIALIZE INDEX words SETTINGS mutations_sync = 0`,
  ],
};
