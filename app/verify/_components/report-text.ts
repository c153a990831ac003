import type { DescribedRow, Report } from '@/lib/verify/page/outcome';

const WORD: Record<DescribedRow['status'], string> = {
  passed: 'holds',
  failed: 'DOES NOT HOLD',
  skipped: 'not checked',
};

/** What was found, as lines to keep: the outcome, each log, what was checked of each statement, and what was given. */
export function reportText({ headline, lead, logs, checked, trust, files }: Report, at: Date): string {
  return [
    headline,
    lead,
    `Checked at ${at.toISOString()} by the Sealtrail verifier, in the browser.`,
    ...logs.flatMap(({ files: names, format, state, rows }) => [
      '',
      `Log: ${names.join(', ')} (${format})`,
      ...(state.kind === 'walked'
        ? [
            `  ${state.verdict}: ${state.sentence}`,
            `  ${state.records} records, ${state.sizeBytes} bytes, last hash ${state.head ?? 'none'}`,
          ]
        : [`  ${state.kind === 'failed' ? state.message : 'not walked to its end'}`]),
      ...(state.kind === 'walked'
        ? state.problems.map(({ record, line, message }) => `  problem at record ${record}, line ${line}: ${message}`)
        : []),
      ...rows.map(rowText),
    ]),
    ...checked.flatMap(({ title, file, says, rows }) => [
      '',
      `${title}: ${file}`,
      ...(says ? [`  ${says.words}${says.proven ? '' : ' (signer not verified)'}`] : []),
      ...rows.map(rowText),
    ]),
    '',
    'Trust material:',
    ...trust.map(({ name, what, why }) => `  ${what} (${name}): ${why}`),
    '',
    'Files:',
    ...files.map(
      ({ name, from, sizeBytes, what }) => `  ${from ? `${from}: ` : ''}${name}, ${sizeBytes} bytes: ${what}`,
    ),
    '',
  ].join('\n');
}

function rowText({ status, title, detail }: DescribedRow): string {
  return `  [${WORD[status]}] ${title}: ${detail}`;
}
