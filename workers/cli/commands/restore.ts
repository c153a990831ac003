import { Command } from 'commander';
import type { Options } from '../restore';
import { passphraseOption } from './options';

/** `sealtrail restore`: an installation from a backup. */
export function restore(): Command {
  return new Command('restore')
    .description('make an installation of a backup, in an empty data directory, and check all of it')
    .argument('<file>', 'what `sealtrail backup` wrote')
    .addOption(passphraseOption())
    .addHelpText(
      'after',
      '\nExit status: 0 restored, and nothing differs; 1 restored, and something differs, as it did before; 2 it could not be done.',
    )
    .action(async (file: string, options: Options) => (await import('../restore')).restore(file, options));
}
