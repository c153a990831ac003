import { Option } from 'commander';

/** Which workspace a command is about. `usual` is what it is about where none is named. */
export function workspaceOption(usual = 'the default one'): Option {
  return new Option('--workspace <id>', `of this workspace (or SEALTRAIL_WORKSPACE); without it ${usual}`);
}
