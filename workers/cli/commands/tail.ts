import { Command, Option } from 'commander';
import type { Options } from '../tail';
import { formatOption } from './options';

/** `sealtrail tail`: follows logs and sends what is written to them. Needs no installation here, only a server at `--to`. */
export function tail(): Command {
  return new Command('tail')
    .description('follow logs as they grow and send every record to a server, through rotation, crashes and outages')
    .argument(
      '<logs...>',
      'files, folders with *.jsonl and *.ndjson in them, patterns in quotes like "logs/**/*.jsonl"',
    )
    .requiredOption('--to <url>', 'the server')
    .option(
      '--chain <name>',
      'the chain to append to; {name}, {folder} and {path} stand for those of the log (default: {name}; {folder} for nono)',
    )
    .addOption(formatOption())
    .option(
      '--token <token>',
      'an API token that may ingest; better by SEALTRAIL_TOKEN or --token-file, as others can see arguments',
    )
    .option('--token-file <file>', 'a file that holds the token')
    .option(
      '--state <folder>',
      'where is remembered what was sent; one forwarder a folder (default: under ~/.local/state/sealtrail/tail)',
    )
    .addOption(new Option('--from-start', 'send what a log holds already (default)').conflicts('fromEnd'))
    .option('--from-end', 'send only what is written from now on')
    .option('--once', 'send what is there and end')
    .option('--resend', 'send again what the server acknowledged and does not have any more')
    .option('--json', 'one line of JSON an event, on stdout')
    .addHelpText(
      'after',
      '\nExit status: 0 all was sent, or it was asked to stop; 1 with --once, and a log was truncated, replaced or partly lost; 2 a log could not be sent, or wrong usage.',
    )
    .action(async (names: string[], options: Options) => (await import('../tail')).tail(names, options));
}
