import { type RequestedRange, summarise, summaryLines } from '@/lib/core/chain/validation-summary';
import { formatById } from '@/lib/core/formats';
import type { VerifiedLog } from '@/lib/verify/local/verify-log';
import { type CheckOptions, checkLogs } from './check-logs';
import { figure } from '@/lib/core/text/words';
import { print, visible } from './output';

export type Options = CheckOptions & { from?: string; to?: string };

/** Prints what each log holds; exit status 2 when one could not be read. */
export async function inspect(names: string[], options: Options): Promise<void> {
  const { from = null, to = null } = options;
  const requested = from === null && to === null ? undefined : { from, to };
  let first = true;
  await checkLogs(names, options, { evidence: null, period: requested }, async (outcome) => {
    if ('failure' in outcome) process.exitCode = 2;
    else if (options.json)
      await print(
        `${JSON.stringify({ file: outcome.file, ...contents(outcome.log), ...(requested && { period: periodOf(outcome.log, requested) }) })}\n`,
      );
    else await print(`${first ? '' : '\n'}${tell(outcome.file, outcome.log, requested)}`);
    first = false;
  });
}

function contents(log: VerifiedLog) {
  const {
    format,
    sizeBytes,
    lines,
    records,
    chainedRecords,
    validRecords,
    firstRecordedAt,
    lastRecordedAt,
    head,
    last,
  } = log;
  return {
    format,
    bytes: sizeBytes,
    lines,
    records,
    chainedRecords,
    validRecords,
    firstRecordedAt,
    lastRecordedAt,
    head,
    headRecord: last?.record ?? null,
    headSequence: last?.sequence ?? null,
    gaps: summarise(log).gaps,
    timeSteps: log.timeSteps,
    untimed: log.untimed,
  };
}

function tell(file: string, log: VerifiedLog, requested?: RequestedRange): string {
  const {
    format,
    bytes,
    lines,
    records,
    chainedRecords,
    validRecords,
    firstRecordedAt,
    lastRecordedAt,
    head,
    headRecord,
    headSequence,
  } = contents(log);
  const rows: [string, string][] = [
    ['format', format ? formatById(format).label : 'none: the log is empty'],
    ['bytes', figure(bytes)],
    ['lines', figure(lines)],
    [
      'records',
      `${figure(records)}, ${figure(chainedRecords)} of them chained, ${figure(validRecords)} of those as their hash says`,
    ],
    ['first', firstRecordedAt ?? 'no time stated'],
    ['last', lastRecordedAt ?? 'no time stated'],
    [
      'head',
      head
        ? `${head}, record ${figure(headRecord ?? 0)}${headSequence === null ? '' : `, number ${figure(headSequence)}`}`
        : 'none',
    ],
  ];
  // Its first two lines, range and count, stand in the rows.
  const timeGaps = summaryLines(summarise(log)).slice(2);
  const period = requested ? ['', ...summaryLines(periodOf(log, requested))] : [];
  return `${visible(file)}\n${rows.map(([name, value]) => `  ${name.padEnd(8)} ${value}\n`).join('')}${[
    ...timeGaps,
    ...period,
  ]
    .map((line) => `  ${line}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('')}`;
}

const NOTHING = {
  records: 0,
  validRecords: 0,
  firstRecordedAt: null,
  lastRecordedAt: null,
  timeGaps: [],
  timeSteps: { count: 0, largest: [] },
  untimed: { count: 0, first: null },
};

function periodOf(log: VerifiedLog, requested: RequestedRange) {
  return summarise(log.inPeriod ?? NOTHING, requested);
}
