import { readEvidence, unusedEvidence } from './evidence';
import { type Verdict, exitCode } from '@/lib/core/chain/verdict';
import { type CheckOptions, checkLogs } from './check-logs';
import { jsonLine } from './json-line';
import { complain, print } from './output';
import { reportFailure, formatLog, formatTotal } from './format-log';

export type Options = CheckOptions & { all?: boolean; anchor: string[]; pubkey: string[] };

/** Checks logs, prints what came of each, and sets the exit status. */
export async function verify(names: string[], options: Options): Promise<void> {
  const evidence = await readEvidence(options.anchor, options.pubkey);
  let inVain = false;
  const verdicts: (Verdict | null)[] = [];
  await checkLogs(names, options, { evidence }, async (outcome) => {
    const log = 'log' in outcome ? outcome.log : null;
    if (!options.json && verdicts.length > 0) await print('\n');
    verdicts.push(log?.verdict ?? null);
    if (options.json) for await (const piece of jsonLine(outcome, log)) await print(piece);
    else if (log) for await (const piece of formatLog(outcome, log, { all: options.all ?? false })) await print(piece);
    else await print(reportFailure(outcome.file));
    const unused = log && unusedEvidence(evidence, log.checkedSidecars);
    if (unused) complain(`${outcome.file} ${unused}`);
    inVain ||= unused !== null;
  });
  if (!options.json && verdicts.length > 1) await print(`\n${formatTotal(verdicts)}`);
  process.exitCode = exitStatus(inVain ? [...verdicts, null] : verdicts);
}

/** Of several logs: broken integrity weighs more than what cannot be read, or than nothing to check. Null is a log that could not be checked. */
function exitStatus(verdicts: readonly (Verdict | null)[]): 0 | 1 | 2 {
  const codes = new Set(verdicts.map((verdict) => (verdict ? exitCode(verdict) : 2)));
  if (codes.has(1)) return 1;
  return codes.has(2) || codes.size === 0 ? 2 : 0;
}
