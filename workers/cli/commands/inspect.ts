import { Command, InvalidArgumentError } from 'commander';
import { normaliseInstant } from '@/lib/core/time';
import type { Options } from '../inspect';
import { formatOption, threadsOption } from './options';

/** `sealtrail inspect`: what a log holds, without a verdict on it. Exit status 2 when one could not be read. */
export function inspect(): Command {
  return new Command('inspect')
    .description('show what logs hold: head, counts, time range')
    .argument('<logs...>', 'files, folders or - for standard input')
    .addOption(formatOption())
    .option('--from <time>', 'count by itself what was recorded at or after this time (RFC 3339)', readTime)
    .option('--to <time>', 'and before this time', readTime)
    .option('--json', 'one line of JSON a log')
    .addOption(threadsOption())
    .action(async (names: string[], options: Options) => (await import('../inspect')).inspect(names, options));
}

function readTime(text: string): string {
  const instant = normaliseInstant(text);
  if (instant) return instant;
  throw new InvalidArgumentError('It is a date and time with a zone, as 2026-05-11T08:00:00Z.');
}
