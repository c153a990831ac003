import { Command } from 'commander';
import { summarise, summaryLines } from '@/lib/core/chain/validation-summary';
import { formatById } from '@/lib/core/formats';
import type { VerifiedLog } from '@/lib/verify-local/verify-log';
import { type CheckOptions, checkLogs, formatOption, threadsOption } from './check-logs';
import { figure } from './figures';
import { print, visible } from './output';

/** `sealtrail inspect`: what a log holds, without a judgement on it. Exit status 2 when one could not be read. */
export function inspect(): Command {
  return new Command('inspect')
    .description('show what logs hold: head, counts, time range')
    .argument('<logs...>', 'files, folders or - for standard input')
    .addOption(formatOption())
    .option('--json', 'one line of JSON a log')
    .addOption(threadsOption())
    .action(async (names: string[], options: CheckOptions) => {
      let first = true;
      await checkLogs(names, options, async (outcome) => {
        if ('failure' in outcome) process.exitCode = 2;
        else if (options.json) await print(`${JSON.stringify({ file: outcome.file, ...contents(outcome.log) })}\n`);
        else await print(`${first ? '' : '\n'}${tell(outcome.file, outcome.log)}`);
        first = false;
      });
    });
}

function contents(log: VerifiedLog) {
  const { format, sizeBytes, lines, records, chainedRecords, validRecords, firstRecordedAt, lastRecordedAt, head, last } = log;
  return { format, bytes: sizeBytes, lines, records, chainedRecords, validRecords, firstRecordedAt, lastRecordedAt, head, headRecord: last?.record ?? null, headSequence: last?.sequence ?? null, gaps: summarise(log).gaps };
}

function tell(file: string, log: VerifiedLog): string {
  const { format, bytes, lines, records, chainedRecords, validRecords, firstRecordedAt, lastRecordedAt, head, headRecord, headSequence } = contents(log);
  const rows: [string, string][] = [
    ['format', format ? formatById(format).label : 'none: the log is empty'],
    ['bytes', figure(bytes)],
    ['lines', figure(lines)],
    ['records', `${figure(records)}, ${figure(chainedRecords)} of them chained, ${figure(validRecords)} of those as their hash says`],
    ['first', firstRecordedAt ?? 'no time stated'],
    ['last', lastRecordedAt ?? 'no time stated'],
    ['head', head ? `${head}, record ${figure(headRecord ?? 0)}${headSequence === null ? '' : `, number ${figure(headSequence)}`}` : 'none'],
  ];
  // Its first two lines, range and count, stand in the rows.
  const silences = summaryLines(summarise(log)).slice(2);
  return `${visible(file)}\n${rows.map(([name, value]) => `  ${name.padEnd(8)} ${value}\n`).join('')}${silences.map((line) => `  ${line}\n`).join('')}`;
}
