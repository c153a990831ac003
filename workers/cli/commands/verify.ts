import { Command } from 'commander';
import type { Options } from '../verify';
import { formatOption, several, threadsOption } from './options';

/** `sealtrail verify`: checks logs where they lie. Needs no server. */
export function verify(): Command {
  return new Command('verify')
    .description('check logs: is every record as it was written, and is none missing?')
    .argument(
      '<logs...>',
      'files, folders with *.jsonl and *.ndjson in them, .zip, .tar and .tar.gz of such, or - for standard input; gzip and zstd are undone',
    )
    .addOption(formatOption())
    .option('--anchor <file>', 'an AgentFence anchor that the log must match; can be given more than once', several, [])
    .option(
      '--pubkey <file>',
      'a public key (PEM) that signatures must verify with; can be given more than once',
      several,
      [],
    )
    .option('--json', 'one line of JSON a log')
    .option('--all', 'show every problem, not the first 20')
    .option(
      '--reference-verifier',
      "say what the tool's own verifier would say, also where more than 64 MiB of a log have to be followed record by record; takes many times as long",
    )
    .addOption(threadsOption())
    .addHelpText(
      'after',
      '\nExit status: 0 every log holds, with or without warnings; 1 one is tampered, forked, truncated or has a gap; 2 one cannot be read, is corrupt or unchained, or wrong usage.',
    )
    .action(async (names: string[], options: Options) => (await import('../verify')).verify(names, options));
}
