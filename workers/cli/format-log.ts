import path from 'node:path';
import { styleText } from 'node:util';
import type { CheckedSidecar } from '@/lib/core/sidecars/sidecar';
import type { ReferenceFinding } from '@/lib/core/chain/reference-verifier';
import type { Problem } from '@/lib/core/chain/problem';
import { verdictSentence } from '@/lib/core/chain/sentence';
import { timeLines } from '@/lib/core/chain/validation-summary';
import { type Verdict, exitCode } from '@/lib/core/chain/verdict';
import { formatById } from '@/lib/core/formats';
import type { VerifiedLog } from '@/lib/verify/local/verify-log';
import { figure, many } from '@/lib/core/text/words';
import { visible } from './output';

/** Problems told of one log unless all are asked for. */
const SHOWN_PROBLEMS = 20;
/** Characters of `expected` and `found` that are shown. */
const SHOWN = 160;

/** One log's verdict for a person, in pieces: the verdict and its sentence, what the tool itself would say, the problems. */
export async function* formatLog(
  { file, files }: { file: string; files: readonly string[] },
  log: VerifiedLog,
  { all }: { all: boolean },
): AsyncGenerator<string> {
  const label = log.format ? formatById(log.format).label : 'no format';
  yield `${styleText('bold', visible(file))}  ${label}  ${styleText(colourOf(log.verdict), log.verdict)}\n`;
  yield `  ${verdictSentence({ ...log, label })}\n`;
  if (files.length > 1)
    yield `  Rotated into ${many(files.length, 'file')}, oldest first: ${files.map((name) => visible(path.basename(name))).join(', ')}\n`;
  for (const checkedSidecar of log.checkedSidecars) yield formatSidecar(checkedSidecar);
  for (const line of timeLines(log)) yield `  ${line}\n`;
  if (log.head) yield `  Head ${log.head}\n`;
  if (log.referenceVerifier)
    yield `  ${(log.format && formatById(log.format).referenceVerifierName) ?? `${label}'s own verifier`}: ${referenceVerifierSays(log.referenceVerifier)}\n`;

  let reported = 0;
  const problems = Object.values(log.problemCounts).reduce((sum, count) => sum + count, 0);
  if (problems > 0) yield '\n';
  for await (const problem of log.problems()) {
    if (!all && reported === SHOWN_PROBLEMS) break;
    yield formatProblem(problem, placeIn(files, log, problem));
    reported += 1;
  }
  if (problems > reported)
    yield `  … and ${figure(problems - reported)} more${all ? ' that are only counted' : '; --all shows them'}: ${countsText(log)} in all.\n`;
}

/** A log that could not be checked. */
export function reportFailure(file: string): string {
  return `${styleText('bold', visible(file))}  ${styleText('red', 'not checked')}\n`;
}

/** `3 logs: 1 verified, 1 tampered, 1 not checked.` */
export function formatTotal(verdicts: readonly (Verdict | null)[]): string {
  const counts = new Map<string, number>();
  for (const verdict of verdicts) counts.set(verdict ?? 'not checked', (counts.get(verdict ?? 'not checked') ?? 0) + 1);
  return `${many(verdicts.length, 'log')}: ${[...counts].map(([what, count]) => `${figure(count)} ${what}`).join(', ')}.\n`;
}

function formatProblem(
  { code, severity, record, line, byteOffset, byteLength, expected, found, message }: Problem,
  inFile: string,
): string {
  const place = `record ${figure(record)}, line ${figure(line)}, byte ${figure(byteOffset)}${byteLength > 0 ? `, ${many(byteLength, 'byte')} long` : ''}${inFile}`;
  const lines = [
    `  ${styleText(severity === 'error' ? 'red' : 'yellow', severity)}  ${code}  ${place}`,
    `    ${visible(message)}`,
  ];
  if (expected !== null) lines.push(`    expected  ${shown(expected)}`);
  if (found !== null) lines.push(`    found     ${shown(found)}`);
  return `${lines.join('\n')}\n`;
}

/** `session.json: 213 events, head and Merkle root agree.` */
function formatSidecar({ kind, file, holds, message }: CheckedSidecar): string {
  const name = kind === 'signatures' ? 'signatures' : path.basename(file);
  const said = `${visible(name)}: ${shown(message)}`;
  return `  ${holds === false ? styleText('red', said) : said}\n`;
}

/** Where in the files of a rotated log a problem is; nothing for any other log. */
function placeIn(files: readonly string[], log: VerifiedLog, { byteOffset, line }: Problem): string {
  if (files.length < 2) return '';
  const before = { bytes: 0, lines: 0 };
  for (const [index, { sizeBytes, lines }] of log.files.entries()) {
    if (byteOffset < before.bytes + sizeBytes || index === log.files.length - 1)
      return `, which is line ${figure(line - before.lines)} of ${visible(path.basename(files[index] ?? ''))}`;
    before.bytes += sizeBytes;
    before.lines += lines;
  }
  return '';
}

function shown(text: string): string {
  return visible(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}

function countsText({ problemCounts }: VerifiedLog): string {
  return Object.entries(problemCounts)
    .map(([code, count]) => `${figure(count)} ${code}`)
    .join(', ');
}

const SAYS: Record<ReferenceFinding['verdict'], string> = {
  ok: 'passes',
  failed: 'fails',
  corrupt: 'cannot read on',
  partial: 'finds a chain that begins late',
  unchained: 'finds no chain and passes',
  crash: 'crashes',
  'not-followed': 'not followed',
};

function referenceVerifierSays({ verdict, line, message }: ReferenceFinding): string {
  return `${SAYS[verdict]}${line === null ? '' : ` at line ${figure(line)}`}${message ? `: ${shown(message)}` : ''}`;
}

function colourOf(verdict: Verdict): 'green' | 'yellow' | 'red' {
  if (exitCode(verdict) !== 0) return 'red';
  return verdict === 'verified' ? 'green' : 'yellow';
}
