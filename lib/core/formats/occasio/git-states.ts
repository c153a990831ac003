import type { GitStates } from '../../event/git-state';
import { isObject } from '../read-line';

/** Occasio records the repository when a run begins and when it ends, src/git/state.js at 596ed356. */
export const occasioGitStates: GitStates = {
  kinds: ['git_state'],
  read({ kind, tool_inputs: inputs }) {
    if (kind !== 'git_state' || !isObject(inputs)) return null;
    return {
      isRepo: inputs.is_repo === true,
      head: stated(inputs.head),
      branch: stated(inputs.branch),
      dirty: inputs.dirty === true,
      changedFiles: textsOf(inputs.changed_files),
      untrackedFiles: textsOf(inputs.untracked_files),
    };
  },
};

function stated(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
