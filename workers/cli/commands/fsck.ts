import { Command } from 'commander';
import { workspaceOption } from '../workspace-option';
import type { Options } from '../fsck';

/** `sealtrail fsck`: everything derived is derived again from the evidence, and what differs is reported. */
export function fsck(): Command {
  return new Command('fsck')
    .description('re-read all evidence of the installation and report what differs from the database')
    .option('--json', 'one line of JSON a difference, and one with the totals at the end')
    .addOption(workspaceOption('of every one'))
    .option('--repair-lake', 'rebuild, from evidence, the records of chains that differ in the lake')
    .addHelpText(
      'after',
      '\nExit status: 0 nothing differs, or only the lake did and was rebuilt; 1 something differs; 2 it could not be done.',
    )
    .action(async (options: Options) => (await import('../fsck')).fsck(options));
}
