import { Command } from 'commander';
import type { Options } from '../backup';
import { passphraseOption } from './options';

/** `sealtrail backup`: all of a running installation in one file. */
export function backup(): Command {
  return new Command('backup')
    .description('write all the running installation holds into one file: evidence, database and keys')
    .argument('<file>', 'a file that is not there yet; with --verify one that is')
    .addOption(passphraseOption())
    .option('--verify', 'read a backup from its beginning to its end, and change nothing')
    .option('--json', 'the manifest as one line of JSON')
    .addHelpText(
      'after',
      '\nThe file holds the private keys: without a passphrase, whoever has it can sign as you.\nExit status: 0 all is in it; 1 objects that are gone or altered are not; 2 it could not be made or read, or was changed.',
    )
    .action(async (file: string, options: Options) => (await import('../backup')).backup(file, options));
}
