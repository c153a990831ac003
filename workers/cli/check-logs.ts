import type { FormatId } from '@/lib/core/chain/format';
import { groupRotated } from '@/lib/core/chain/rotation';
import { expandArchives } from '@/lib/verify/local/expand-archives';
import { findLogs } from '@/lib/verify/local/find-logs';
import { type LogOutcome, type VerifyOptions, verifyLogs } from '@/lib/verify/local/verify-logs';
import { CliError } from './cli-error';
import { complain } from './output';
import { HIDDEN, showProgress } from './progress';

export type CheckOptions = { format?: FormatId; json?: boolean; threads: number; referenceVerifier?: boolean };

/** Files left out that are named, the others are counted. */
const MOST_NAMED = 20;

/** With evidence, logs are compared with it and their sidecar files; with null each is looked at alone. With `period`, what of them lies in it is counted. */
type Look = Pick<VerifyOptions, 'evidence' | 'period'>;

/** Checks every log the names lead to and hands the outcomes on in order. Throws CliError when there is nothing to check. */
export async function checkLogs(
  names: readonly string[],
  { format, json, threads, referenceVerifier }: CheckOptions,
  { evidence, period }: Look,
  onOutcome: (outcome: LogOutcome) => Promise<void>,
): Promise<void> {
  if (names.filter((name) => name === '-').length > 1) throw new CliError('standard input can be read only once');
  const { found, close } = await expandArchives(await findLogs(names));
  try {
    const hidden = found.filter(({ kind }) => kind === 'hidden').map(({ file }) => file);
    if (hidden.length > 0) complain(`left out, as their names begin with a dot: ${hidden.join(', ')}`);
    const others = found.filter(({ kind }) => kind === 'other').map(({ file }) => file);
    if (others.length > 0)
      complain(
        `left out, as their names are no log's: ${others.slice(0, MOST_NAMED).join(', ')}${others.length > MOST_NAMED ? `, and ${others.length - MOST_NAMED} more` : ''}. Name a file itself to have it checked`,
      );
    for (const log of found) if (log.kind === 'note') complain(`${log.file} ${log.message}`);
    const logs = groupRotated(found.filter(({ kind }) => kind === 'log'));
    if (evidence && evidence.anchors.length > 0 && logs.length > 1)
      throw new CliError(
        `an anchor is for one log, and there are ${logs.length}: name the one that --anchor belongs to`,
      );

    const { outcomes, bytesRead } = await verifyLogs(found, {
      format,
      threads,
      stdin: process.stdin,
      referenceVerifier: referenceVerifier ? 'always' : 'small',
      evidence,
      period,
    });
    const sizes = found.map((log) => (log.kind === 'log' ? log.sizeBytes : 0));
    const totalBytes = sizes.reduce((sum, size) => (sum === null || size === null ? null : sum + size), 0);
    const progress = json ? HIDDEN : showProgress(process.stderr, totalBytes, bytesRead);
    try {
      for await (const outcome of outcomes) {
        progress.pause();
        if ('failure' in outcome) complain(`${outcome.file} ${outcome.failure}`);
        await onOutcome(outcome);
        progress.resume();
      }
    } finally {
      progress.end();
    }
  } finally {
    await close();
  }
}
