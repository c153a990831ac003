import 'server-only';
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Context } from '../../context';
import { CHAIN_VERDICTS } from '../../core/chain/verdict';
import { asSentence, figure, many, share } from '../../core/text/words';
import type { IntegrityOfChain, IntegrityReport } from '../../schemas/integrity-report';
import { scopeLines } from '../../schemas/report-words';
import { type PdfDocument, openPdf } from '../pdf/pdf-document';
import { minute, periodText } from '../pdf/words';
import { problemCount } from './integrity-report';

/** Chains of which the document says more than a line; of each so many problems, heads and statements. */
const IN_FULL = 50;
const LISTED = 10;

export function integrityJson(report: IntegrityReport): Buffer {
  return Buffer.from(`${JSON.stringify(report, null, 2)}\n`);
}

/** An integrity report as a tagged PDF that carries it as JSON. The same report gives the same bytes. */
export async function integrityPdf({ env }: Pick<Context, 'env'>, report: IntegrityReport): Promise<Readable> {
  const json = integrityJson(report);
  const { definition, period, totals, chains } = report;
  const pdf = await openPdf(env.rootDir, { title: definition.name, madeAt: new Date(report.generatedAt) });
  pdf.title(definition.name, [
    `Integrity of the evidence. ${periodText(period, definition.timeZone)}. Made ${minute(report.generatedAt)} by Sealtrail at ${new URL(env.publicUrl).host}. All times are in UTC.`,
    ...scopeLines(definition.scope),
    'Evidence, not a compliance determination.',
  ]);
  pdf.heading('1  Summary');
  pdf.prose(
    `${many(totals.chains, 'chain')} ${totals.chains === 1 ? 'has' : 'have'} records in this period. Each was checked from its first byte to its last; verdicts, heads and statements are of the whole chain, all else is of the period.`,
  );
  pdf.figures([
    { label: 'Chains', value: figure(totals.chains) },
    { label: 'Records', value: figure(totals.records) },
    { label: 'Signed', value: share(totals.attested, totals.records) },
    { label: 'Not signed', value: figure(totals.unattested) },
    { label: 'Problems', value: figure(totals.problems) },
    { label: 'Restarts', value: figure(totals.restarts) },
    { label: 'Gaps in time', value: figure(totals.timeGaps) },
    { label: 'Heads seen', value: figure(totals.heads) },
  ]);
  const verdicts = CHAIN_VERDICTS.flatMap((verdict) => {
    const count = report.byVerdict[verdict];
    return count ? [[word(verdict), figure(count)]] : [];
  });
  if (verdicts.length > 0)
    pdf.table(
      'Chains by verdict',
      [
        { title: 'Verdict', width: 3 },
        { title: 'Chains', width: 2, isNumeric: true },
      ],
      verdicts,
    );
  pdf.heading('2  Chains');
  table(pdf, report);
  pdf.heading('3  Each chain');
  const worst = chains.toSorted(
    (a, b) => CHAIN_VERDICTS.indexOf(a.verdict) - CHAIN_VERDICTS.indexOf(b.verdict) || (a.name < b.name ? -1 : 1),
  );
  for (const chain of worst.slice(0, IN_FULL)) inFull(pdf, chain);
  if (totals.chains > IN_FULL)
    pdf.prose(
      `The ${IN_FULL} with the worst verdicts are described; chains.csv, heads.csv and statements.csv have all.`,
    );
  pdf.attach('report.json', json, 'The report, as figures');
  return pdf.end(`report.json in this file: SHA-256 ${createHash('sha256').update(json).digest('hex')}`);
}

function table(pdf: PdfDocument, { chains, moreChains, totals }: IntegrityReport): void {
  if (chains.length === 0) return pdf.prose('No chain has records in this period.');
  const bold = (text: string) => ({ text, bold: true });
  pdf.table(
    'What was found of each chain',
    [
      { title: 'Chain', width: 6 },
      { title: 'Verdict', width: 4 },
      { title: 'Found', width: 6 },
      { title: 'Records', width: 3, isNumeric: true },
      { title: 'Not signed', width: 3, isNumeric: true },
      { title: 'Problems', width: 3, isNumeric: true },
    ],
    [
      ...chains.map((chain) => [
        chain.name,
        word(chain.verdict),
        `${minute(chain.found.from)} to ${minute(chain.found.to)}`,
        figure(chain.records.total),
        figure(chain.records.unattested),
        figure(problemCount(chain)),
      ]),
      ...(moreChains > 0 ? [[`${many(moreChains, 'more chain')}, in chains.csv`, '', '', '', '', '']] : []),
      [
        bold(`All ${many(totals.chains, 'chain')}`),
        '',
        '',
        bold(figure(totals.records)),
        bold(figure(totals.unattested)),
        bold(figure(totals.problems)),
      ],
    ],
  );
}

function inFull(pdf: PdfDocument, chain: IntegrityOfChain): void {
  const { name, verdict, verifiedAt, segments, chainRecords, timeGaps, timeSteps, problems, heads, statements } = chain;
  pdf.entry(name, [
    [
      `${word(verdict)}${verifiedAt === null ? '' : `, as checked ${minute(verifiedAt)}`}.`,
      `${many(chainRecords, 'record')} in ${many(segments, 'closed segment')} in all.`,
      ...(timeGaps.length > LISTED
        ? [`The longest ${LISTED} of ${figure(timeGaps.length)} gaps in time are listed.`]
        : []),
      ...(timeSteps ? [`The time goes back in ${many(timeSteps, 'place')}.`] : []),
    ].join(' '),
  ]);
  if (timeGaps.length > 0)
    pdf.table(
      `Gaps in time of ${name}`,
      [
        { title: 'Gap before record', width: 4, isNumeric: true },
        { title: 'From', width: 5 },
        { title: 'To', width: 5 },
        { title: 'Hours', width: 3, isNumeric: true },
      ],
      longestGaps(timeGaps).map(({ record, from, to, seconds }) => [
        figure(record),
        minute(from),
        minute(to),
        (seconds / 3600).toFixed(1),
      ]),
    );
  if (problems.length > 0)
    pdf.table(
      `Problems of ${name}, the first of ${figure(problemCount(chain))}`,
      [
        { title: 'Record', width: 2, isNumeric: true },
        { title: 'Line', width: 2, isNumeric: true },
        { title: 'Byte', width: 3, isNumeric: true },
        { title: 'Problem', width: 14 },
      ],
      problems
        .slice(0, LISTED)
        .map((one) => [figure(one.record), figure(one.line), figure(one.byteOffset), `${one.code}: ${one.message}`]),
    );
  if (heads.length > 0)
    pdf.table(
      `Heads of ${name}, the newest of ${figure(chain.headsTotal)}`,
      [
        { title: 'Seen', width: 4 },
        { title: 'Records', width: 2, isNumeric: true },
        { title: 'Now', width: 3 },
        { title: 'Hash', width: 10 },
      ],
      heads
        .slice(0, LISTED)
        .map(({ observedAt, records, state, hash }) => [minute(observedAt), figure(records), state, hash]),
    );
  if (statements.length > 0)
    pdf.table(
      `Signed statements over ${name}, the newest of ${figure(chain.statementsTotal)}`,
      [
        { title: 'Signed', width: 4 },
        { title: 'Records', width: 4 },
        { title: 'Verdict', width: 4 },
        { title: 'Log entry', width: 2, isNumeric: true },
        { title: 'SHA-256 of the bundle', width: 10 },
      ],
      statements
        .slice(0, LISTED)
        .map((one) => [
          minute(one.signedAt),
          `${figure(one.firstRecord)} to ${figure(one.lastRecord)}`,
          one.withdrawnAt === null ? one.verdict : `${one.verdict}, withdrawn`,
          one.logIndex === null ? '' : figure(one.logIndex),
          one.bundleSha256,
        ]),
    );
}

/** In the order of time. */
function longestGaps(gaps: IntegrityOfChain['timeGaps']): IntegrityOfChain['timeGaps'] {
  return gaps
    .toSorted((a, b) => b.seconds - a.seconds || a.record - b.record)
    .slice(0, LISTED)
    .toSorted((a, b) => a.record - b.record);
}

function word(verdict: string): string {
  return verdict === 'verified-with-warnings' ? 'Verified with warnings' : asSentence(verdict).slice(0, -1);
}
