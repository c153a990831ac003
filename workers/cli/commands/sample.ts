import { Command } from 'commander';
import type { Options } from '../sample';

/** `sealtrail sample`: draws a sample of a population again. Needs no server and no network. */
export function sample(): Command {
  return new Command('sample')
    .description('draw a sample of records by a seed, as the server draws it of the same population')
    .argument('<population>', 'the lines to draw from, a record a line, as /api/v1/events.ndjson gives them')
    .requiredOption('--seed <seed>', 'what it is drawn by, chosen by whoever is to believe it')
    .requiredOption('--size <n>', 'records to draw, 1 to 500')
    .option('--check <sample>', 'hold it against a sample.json: the population, and each record drawn')
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      '\nDrawn are the lines whose SHA-256 over seed, newline and line is least.\nExit status: 0 drawn, and as in the sample.json; 1 not as there; 2 a file cannot be read, or wrong usage.',
    )
    .action(async (file: string, options: Options) => (await import('../sample')).sample(file, options));
}
