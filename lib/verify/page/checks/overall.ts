import { VERDICT_WORDS, holds } from './verdict-words';
import type { Checked, DescribedRow, FileItem, LogChecked, Report } from '../outcome';
import { firstProblem } from './check-log';
import { figure, some } from '../../../core/text/words';

type Found = {
  checked: readonly Checked[];
  logs: readonly LogChecked[];
  isWorking: boolean;
  /** What was given. */
  files: readonly FileItem[];
};

/** What it comes to, in one line and a few words. */
export function overall({ checked, logs, isWorking, files }: Found): Pick<Report, 'outcome' | 'headline' | 'lead'> {
  const rows = [...checked.flatMap((one) => one.rows), ...logs.flatMap((log) => log.rows)];
  const failed = rows.filter(({ status }) => status === 'failed');
  const broken = logs.filter(
    ({ state }) => state.kind === 'failed' || (state.kind === 'walked' && !holds(state.verdict)),
  );
  // A list in a package is anybody's: what is in it may be signed, the list is not.
  const isSigned = checked.some(({ kind }) => kind !== 'package');
  const isVerified = checked.some((one) => one.rows.some(({ isMore }) => !isMore));
  if (!isVerified && logs.length === 0)
    return isWorking
      ? { outcome: 'working', headline: 'Reading', lead: 'The files are being recognised.' }
      : { outcome: 'nothing', headline: 'Nothing to check yet', lead: nothingLead(files) };
  if (failed.length > 0) return { outcome: 'fails', headline: 'It does not hold', lead: failedLead(failed, broken) };
  if (broken.length > 0)
    return { outcome: 'fails', headline: brokenHeadline(broken, checked), lead: brokenLead(broken) };
  if (isWorking) return { outcome: 'working', headline: 'Checking', lead: 'No check has failed so far.' };
  const open = rows.filter(({ status, isMore, isWord }) => status === 'skipped' && !isMore && !isWord);
  const isPart = logs.some(({ state }) => state.kind === 'walked' && state.continues);
  if (!isSigned && logs.length > 0)
    return {
      outcome: 'unchecked',
      headline: isPart
        ? 'What is here holds; the beginning of the chain is not here'
        : logs.length === 1
          ? 'The chain holds; no signed statement confirms it'
          : 'The chains hold; no signed statement confirms them',
      lead: 'Anyone who has a log can rewrite it. Add the signed statement on it to know who saw it when.',
    };
  if (!isSigned)
    return {
      outcome: 'unchecked',
      headline: 'Nothing here is signed',
      lead: 'The package agrees with its own list, but anyone who has it can rewrite that list. Add the signed statement on what is in it.',
    };
  if (open.length > 0 && open.every(({ isSelfAttested }) => isSelfAttested))
    return { outcome: 'unchecked', headline: 'Intact; signer not verified', lead: openLead(open) };
  if (open.length > 0)
    return {
      outcome: 'unchecked',
      headline: 'No check failed; not everything could be checked',
      lead: openLead(open),
    };
  const words = [...new Set(rows.flatMap(({ isWord, title }) => (isWord ? [title] : [])))];
  return {
    outcome: 'holds',
    headline: words.length > 0 ? 'Everything holds that can be checked here' : 'Everything holds',
    lead: `${figure(rows.filter(({ status }) => status === 'passed').length)} things were compared${logs.length > 0 ? `, and ${logs.length === 1 ? 'the log was' : `${figure(logs.length)} logs were`} walked record by record` : ''}.${words.length > 0 ? ` Not checked here, and stated by the signer alone: ${some(words)}.` : ''}`,
  };
}

function nothingLead(files: readonly FileItem[]): string {
  const [only] = files.filter(({ from }) => from === null);
  const reported =
    files.length === 1 && only
      ? `${only.name}: ${only.what}.`
      : `None of the ${figure(files.length)} files is a log, a signed statement or a proof; each is named below.`;
  return files.length === 0
    ? 'Add a log, a signed statement or a proof.'
    : `${reported} Add a log, a signed statement or a proof.`;
}

function failedLead(failed: readonly DescribedRow[], broken: readonly LogChecked[]): string {
  const [first] = failed;
  const problem = broken.map(firstProblem).find((found) => found !== null);
  const more =
    failed.length > 1
      ? ` ${figure(failed.length - 1)} more ${failed.length === 2 ? 'comparison fails' : 'comparisons fail'}.`
      : '';
  return `${first?.title ?? ''}: ${first?.detail ?? ''}${more}${problem ? ` In the log, ${problem}` : ''}`;
}

function brokenHeadline(broken: readonly LogChecked[], checked: readonly Checked[]): string {
  const [first] = broken;
  const verdict = first?.state.kind === 'walked' ? VERDICT_WORDS[first.state.verdict] : 'could not be read';
  const log = broken.length === 1 ? 'The log' : `${figure(broken.length)} logs; the first`;
  const bundles = checked.filter(({ kind }) => kind === 'bundle');
  const isProven = bundles.length > 0 && bundles.every(({ says }) => says?.proven);
  return isProven ? `What was signed holds; ${log.toLowerCase()} ${verdict}` : `${log} ${verdict}`;
}

function brokenLead(broken: readonly LogChecked[]): string {
  const [first] = broken;
  if (first?.state.kind === 'failed') return first.state.message;
  const problem = first ? firstProblem(first) : null;
  return problem ? `First of all ${problem}` : first?.state.kind === 'walked' ? first.state.sentence : '';
}

function openLead(open: readonly DescribedRow[]): string {
  const [first, ...others] = open;
  const titles = [...new Set(others.map(({ title }) => title))];
  return `${first?.isSelfAttested ? '' : `${first?.title ?? ''}: `}${first?.detail ?? ''}${titles.length > 0 ? ` Not checked either: ${some(titles)}.` : ''}`;
}
