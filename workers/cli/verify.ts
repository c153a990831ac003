import { Command } from 'commander';
import { readEvidence, unusedEvidence } from './evidence';
import { type Verdict, exitCode } from '@/lib/core/chain/verdict';
import { type CheckOptions, checkLogs, formatOption, threadsOption } from './check-logs';
import { jsonLine } from './json-line';
import { complain, print } from './output';
import { reportFailure, formatLog, formatTotal } from './format-log';

/** `sealtrail verify`: checks logs where they lie. Needs no server. */
export function verify(): Command {
  return new Command('verify')
    .description('check logs: is every record as it was written, and is none missing?')
    .argument(
      '<logs...>',
      'files, folders with *.jsonl and *.ndjson in them, .zip, .tar and .tar.gz of such, or - for standard input; gzip and zstd are undone',
    )
    .addOption(formatOption())
    .option('--anchor <file>', 'an AgentFence anchor that the log must match; can be given more than once', gather, [])
    .option(
      '--pubkey <file>',
      'a public key (PEM) that signatures must verify with; can be given more than once',
      gather,
      [],
    )
    .option('--json', 'one line of JSON a log')
    .option('--all', 'show every problem, not the first 20')
    .option(
      '--reference-verifier',
      "say what the tool's own verifier would say of logs past 64 MiB too; takes many times as long",
    )
    .addOption(threadsOption())
    .addHelpText(
      'after',
      '\nExit status: 0 every log holds, with or without warnings; 1 one is tampered, forked, truncated or has a gap; 2 one cannot be read, is corrupt or unchained, or wrong usage.',
    )
    .action(async (names: string[], options: CheckOptions & { all?: boolean; anchor: string[]; pubkey: string[] }) => {
      const evidence = await readEvidence(options.anchor, options.pubkey);
      let inVain = false;
      const verdicts: (Verdict | null)[] = [];
      await checkLogs(names, options, { evidence }, async (outcome) => {
        const log = 'log' in outcome ? outcome.log : null;
        if (!options.json && verdicts.length > 0) await print('\n');
        verdicts.push(log?.verdict ?? null);
        if (options.json) for await (const piece of jsonLine(outcome, log)) await print(piece);
        else if (log)
          for await (const piece of formatLog(outcome, log, { all: options.all ?? false })) await print(piece);
        else await print(reportFailure(outcome.file));
        const unused = log && unusedEvidence(evidence, log.checkedSidecars);
        if (unused) complain(`${outcome.file} ${unused}`);
        inVain ||= unused !== null;
      });
      if (!options.json && verdicts.length > 1) await print(`\n${formatTotal(verdicts)}`);
      process.exitCode = exitStatus(inVain ? [...verdicts, null] : verdicts);
    });
}

/** Of several logs: broken integrity weighs more than what cannot be read, or than nothing to check. Null is a log that could not be checked. */
export function exitStatus(verdicts: readonly (Verdict | null)[]): 0 | 1 | 2 {
  const codes = new Set(verdicts.map((verdict) => (verdict ? exitCode(verdict) : 2)));
  if (codes.has(1)) return 1;
  return codes.has(2) || codes.size === 0 ? 2 : 0;
}

function gather(value: string, before: string[]): string[] {
  return [...before, value];
}
