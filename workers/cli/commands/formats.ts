import { Command } from 'commander';
import type { Options } from '../formats';

/** `sealtrail formats`: what can be checked. */
export function formats(): Command {
  return new Command('formats')
    .description('list the formats that can be checked')
    .option('--json', 'one line of JSON a format')
    .action(async (options: Options) => (await import('../formats')).formats(options));
}
