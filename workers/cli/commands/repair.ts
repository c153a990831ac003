import { Command } from 'commander';
import type { Options } from '../repair';
import { formatOption } from './options';

/** `sealtrail repair`: a copy of a log without its torn tail. The log itself is never changed. */
export function repair(): Command {
  return new Command('repair')
    .description('write a copy of a log without its torn tail, and say what was left out')
    .argument('<log>', 'a plain file; it stays as it is')
    .option('--dry-run', 'only say what would be left out')
    .option('-o, --output <file>', 'the copy; must not exist (default: beside the log, x.repaired.jsonl)')
    .addOption(formatOption())
    .option('--json', 'one line of JSON')
    .action(async (file: string, options: Options) => (await import('../repair')).repair(file, options));
}
