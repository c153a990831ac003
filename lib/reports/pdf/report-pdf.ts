import 'server-only';
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Context } from '../../context';
import { CHAIN_VERDICTS, type ChainVerdict, VERDICTS, exitCode } from '../../core/chain/verdict';
import type { Decision } from '../../core/event/fields';
import { asSentence, figure, many, share } from '../../core/text/words';
import { Level } from '../../schemas/common';
import { ReportSection } from '../../schemas/report-definitions';
import { scopeLines } from '../../schemas/report-words';
import { CsvKind, type Report } from '../../schemas/reports';
import { type PdfDocument, openPdf } from './pdf-document';
import { minute, periodText } from './words';

/** Those a reader takes in; `report.json` has more, and the CSVs have all. */
const LISTED = 25;

/** Colours of the bars, from the ground up. */
const TONES: Record<Decision, string> = {
  allow: '#2f855a',
  local: '#2b6cb0',
  transform: '#6b46c1',
  ask: '#b7791f',
  deny: '#b83255',
  error: '#c05621',
  info: '#78716c',
};

/** The bytes of a report by which its PDF names it. */
export function reportJson(report: Report): Buffer {
  return Buffer.from(`${JSON.stringify(report, null, 2)}\n`);
}

/**
 * A report as a tagged PDF (PDF/UA) that carries the same report as JSON, whose SHA-256 stands at the foot of every page. The same report gives the
 * same bytes.
 */
export async function reportPdf({ env }: Pick<Context, 'env'>, report: Report): Promise<Readable> {
  const json = reportJson(report);
  const { from, to } = report.period;
  const { definition } = report;
  const title = definition?.name ?? 'Audit log report';
  const pdf = await openPdf(env.rootDir, { title, madeAt: new Date(report.generatedAt) });
  pdf.title(title, [
    `${periodText(report.period, definition?.timeZone)}. Made ${minute(report.generatedAt)} by Sealtrail at ${new URL(env.publicUrl).host}. All times are in UTC.`,
    ...(definition ? scopeLines(definition.scope) : []),
    'Evidence, not a compliance determination.',
  ]);
  const chosen = definition?.sections ?? ReportSection.options;
  for (const [n, section] of chosen.entries()) {
    const { heading, write } = SECTIONS[section];
    pdf.heading(`${n + 1}  ${heading}`);
    write(pdf, report);
  }
  pdf.heading(`${chosen.length + 1}  The records behind these figures`);
  pdf.prose(
    definition
      ? 'Every figure above is counted from records, each of which stands in the tables that are kept beside this file with its chain, position and hash. This file carries the report as report.json; run.json names the segments the records lie in.'
      : `Every figure above is counted from records, each of which ${new URL(env.publicUrl).host} exports as CSV with its chain, position and hash: ${CsvKind.options.map((kind) => `${kind}.csv`).join(', ')} of ${from} to ${to}. This file carries the report as report.json. An evidence package of the same period holds both beside the logs, with a signed list of all its files.`,
  );
  if (chosen.includes('integrity')) appendix(pdf, report.chains);
  pdf.attach('report.json', json, 'The report, as figures');
  return pdf.end(`report.json in this file: SHA-256 ${createHash('sha256').update(json).digest('hex')}`);
}

type WriteSection = (pdf: PdfDocument, report: Report) => void;
const SECTIONS: Record<ReportSection, { heading: string; write: WriteSection }> = {
  summary: { heading: 'Summary', write: summary },
  integrity: { heading: 'Integrity of the evidence', write: integrity },
  activity: { heading: 'What the agents did', write: activity },
  tools: { heading: 'Tools', write: tools },
  blocked: { heading: 'Blocked accesses', write: blocked },
  findings: { heading: 'Findings', write: findings },
  signatures: { heading: 'Signatures', write: signatures },
};

function summary(pdf: PdfDocument, report: Report): void {
  const { summary: sums, byVerdict, untimed } = report;
  const pending = byVerdict.pending ?? 0;
  const broken = CHAIN_VERDICTS.filter((verdict) => !HOLDS.has(verdict) && verdict !== 'pending').reduce(
    (sum, verdict) => sum + (byVerdict[verdict] ?? 0),
    0,
  );
  if (sums.records === 0) pdf.prose('No record states a time in this period.');
  else
    pdf.prose(
      [
        `In this period ${many(sums.agents, 'agent')} left ${many(sums.records, 'record')} in ${many(sums.sessions, 'session')}, written to ${many(sums.chains, 'chain')}.`,
        broken > 0
          ? `${figure(broken)} of these chains ${broken === 1 ? 'does' : 'do'} not hold.`
          : pending > 0
            ? `Of these chains ${figure(pending)} ${pending === 1 ? 'is' : 'are'} still being checked; the others hold.`
            : 'Every one of these chains holds.',
        `${figure(sums.denied)} ${sums.denied === 1 ? 'access was' : 'accesses were'} refused and ${many(sums.secretsRedacted, 'secret')} ${sums.secretsRedacted === 1 ? 'was' : 'were'} redacted${sums.secretEvents > 0 ? ` in ${figure(sums.secretEvents)} of the records` : ''}.`,
        `${many(sums.requests, 'request')} to models ${sums.requests === 1 ? 'was' : 'were'} recorded in ${many(sums.requestSessions, 'session')}.`,
        ...(sums.recorded
          ? [`The first record is of ${minute(sums.recorded.first)}, the last of ${minute(sums.recorded.last)}.`]
          : []),
      ].join(' '),
    );
  if (untimed.records > 0) {
    const named = untimed.most.map(({ chain, records }) => `${chain} (${figure(records)})`).join(', ');
    const more = untimed.chains - untimed.most.length;
    pdf.prose(
      `${many(untimed.records, 'record')} of ${many(untimed.chains, 'chain')} ${untimed.records === 1 ? 'states no usable time and is' : 'state no usable time and are'} in no period: ${named}${more > 0 ? ` and ${figure(more)} more` : ''}.`,
    );
  }
  if (sums.records === 0) return;
  pdf.figures([
    { label: 'Records', value: figure(sums.records) },
    { label: 'Chains', value: figure(sums.chains) },
    { label: 'Agents', value: figure(sums.agents) },
    { label: 'Sessions', value: figure(sums.sessions) },
    { label: 'Refused', value: figure(sums.denied) },
    { label: 'Requests', value: figure(sums.requests) },
    { label: 'Requests refused', value: figure(sums.requestsDenied) },
    { label: 'Files accessed', value: figure(sums.filesAccessed) },
    { label: 'Files refused', value: figure(sums.filesDenied) },
    { label: 'Secrets redacted', value: figure(sums.secretsRedacted) },
    { label: 'Findings', value: figure(sums.findings) },
    { label: 'Cost stated', value: `$${sums.costUsd.toFixed(2)}` },
  ]);
}

/** Verdicts by which a chain holds. */
const HOLDS: ReadonlySet<ChainVerdict> = new Set(VERDICTS.filter((verdict) => exitCode(verdict) === 0));

function integrity(pdf: PdfDocument, { chains, moreChains, coverage, summary: { chains: total } }: Report): void {
  if (total === 0) return pdf.prose('No chain has records in this period.');
  pdf.prose(
    `${many(total, 'chain')} ${total === 1 ? 'has' : 'have'} records in this period. Each was checked from its first byte to its last: every record’s hash recomputed from the stored bytes, every link compared with the record before. Records and signatures are counted in the period; verdict and problems are those of the whole chain.`,
  );
  const worstFirst = chains.toSorted(
    (a, b) => CHAIN_VERDICTS.indexOf(a.verdict) - CHAIN_VERDICTS.indexOf(b.verdict) || (a.name < b.name ? -1 : 1),
  );
  const apart = collapsed(worstFirst);
  const bold = (text: string) => ({ text, bold: true });
  const together = (name: string, of: Report['coverage'], problems = '') => [
    name,
    '',
    figure(of.records),
    problems,
    share(of.attested, of.records),
  ];
  pdf.table('Verdict of each chain', CHAIN_COLUMNS, [
    ...worstFirst.filter((chain) => !apart.includes(chain)).map(chainCells),
    ...(apart.length > 0
      ? [together(`${many(apart.length, 'verified chain')}, in the appendix`, coverageOf(apart), '0')]
      : []),
    ...(moreChains.chains > 0
      ? [together(`${many(moreChains.chains, 'more chain')}, in integrity.csv`, moreChains)]
      : []),
    together(`All ${many(total, 'chain')}`, coverage).map(bold),
  ]);
}

type ChainListed = Report['chains'][number];

/** More of them than a reader looks through are one row, and stand in an appendix. */
const MOST_VERIFIED = 10;
const CHAIN_COLUMNS = [
  { title: 'Chain', width: 5 },
  { title: 'Verdict', width: 3 },
  { title: 'Records', width: 2, isNumeric: true },
  { title: 'Problems', width: 2, isNumeric: true },
  { title: 'Signed', width: 2, isNumeric: true },
];

/** Verified chains without a problem, where they are many. */
function collapsed(chains: readonly ChainListed[]): ChainListed[] {
  const verified = chains.filter((chain) => chain.verdict === 'verified' && problemsOf(chain) === 0);
  return verified.length > MOST_VERIFIED ? verified : [];
}

function problemsOf({ problemCounts }: ChainListed): number {
  return Object.values(problemCounts).reduce((sum, count) => sum + count, 0);
}

function chainCells(chain: ChainListed): string[] {
  const { name, verdict, inPeriod } = chain;
  return [
    name,
    verdictWord(verdict),
    figure(inPeriod.records),
    figure(problemsOf(chain)),
    share(inPeriod.attested, inPeriod.records),
  ];
}

function coverageOf(chains: readonly ChainListed[]): Report['coverage'] {
  const sum = (of: (chain: ChainListed) => number) => chains.reduce((all, chain) => all + of(chain), 0);
  return { records: sum(({ inPeriod }) => inPeriod.records), attested: sum(({ inPeriod }) => inPeriod.attested) };
}

/** The verified chains that the section on integrity counts in one row. */
function appendix(pdf: PdfDocument, chains: readonly ChainListed[]): void {
  const apart = collapsed(chains);
  if (apart.length === 0) return;
  pdf.heading('Appendix  Verified chains');
  pdf.table('Verified chains', CHAIN_COLUMNS, apart.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(chainCells));
}

function activity(pdf: PdfDocument, { activity: buckets, summary: { records, denied } }: Report): void {
  if (records === 0) return pdf.prose('Nothing was recorded in this period.');
  pdf.prose(
    `Of ${many(records, 'record')}, ${figure(denied)} (${share(denied, records)}) ${denied === 1 ? 'is a refusal' : 'are refusals'}. The bars count records by the guardrail’s decision.`,
  );
  const decisions = decisionsOf(buckets.map(({ counts }) => counts));
  const sums = decisions.map((decision) => {
    const sum = buckets.reduce((all, { counts }) => all + (counts[decision] ?? 0), 0);
    return `${asWord(decision)} ${figure(sum)}`;
  });
  pdf.bars(
    `Records by decision over the period: ${sums.join(', ')}.`,
    buckets.map(({ at, counts }) => ({
      title: minute(at),
      parts: decisions.map((decision) => ({ value: counts[decision] ?? 0, tone: TONES[decision] })),
    })),
    decisions.map((decision, index) => ({ word: sums[index] ?? '', tone: TONES[decision] })),
  );
}

function tools(pdf: PdfDocument, { topTools }: Report): void {
  if (topTools.length === 0) return pdf.prose('No record of this period names a tool.');
  const decisions = decisionsOf(topTools.map(({ counts }) => counts));
  pdf.table(
    'Records by tool and decision',
    [
      { title: 'Tool', width: 5 },
      ...decisions.map((decision) => ({ title: asWord(decision), width: 2, isNumeric: true })),
      { title: 'All', width: 2, isNumeric: true },
    ],
    topTools.map(({ tool, counts, total }) => [
      tool,
      ...decisions.map((decision) => figure(counts[decision] ?? 0)),
      figure(total),
    ]),
  );
}

function blocked(pdf: PdfDocument, { blocked: accesses, blockedTotal }: Report): void {
  if (blockedTotal === 0) return pdf.prose('No access was refused in this period.');
  pdf.lead(
    `${figure(blockedTotal)} ${blockedTotal === 1 ? 'access was' : 'accesses were'} refused${blockedTotal > LISTED ? `; the newest ${LISTED} are listed, blocked.csv has all` : ''}.`,
  );
  pdf.table(
    'Blocked accesses',
    [
      { title: 'Time', width: 5 },
      { title: 'Agent', width: 5 },
      { title: 'Asked for', width: 7 },
      { title: 'Reason given', width: 10 },
      { title: 'Record', width: 7 },
    ],
    accesses
      .slice(0, LISTED)
      .map(({ recordedAt, agent, tool, target, reason, chain, ordinal }) => [
        minute(recordedAt),
        agent,
        `${tool} ${target}`.trim(),
        reason,
        `${chain} ${figure(ordinal)}`,
      ]),
  );
}

function findings(
  pdf: PdfDocument,
  { findingsByLevel, findingsSuppressed, worstFindings, summary: { findings: all } }: Report,
): void {
  if (all === 0) return pdf.prose('The rules ran over every record of this period and found nothing.');
  pdf.prose(
    `The rules found ${many(all, 'finding')}. Each names the records that prove it.${findingsSuppressed > 0 ? ` Suppressions hide ${figure(findingsSuppressed)} of them now, which are counted here with the others.` : ''}`,
  );
  pdf.table(
    'Findings by level',
    [
      { title: 'Level', width: 3 },
      { title: 'Findings', width: 2, isNumeric: true },
    ],
    [
      ...Level.options.map((level) => [asWord(level), figure(findingsByLevel[level] ?? 0)]),
      [
        { text: 'All', bold: true },
        { text: figure(all), bold: true },
      ],
    ],
  );
  const listed = worstFindings.slice(0, LISTED);
  pdf.lead(
    all > listed.length
      ? `The worst ${listed.length} follow, of a level the newest first; findings.csv has all.`
      : 'They are, the worst first:',
  );
  pdf.table(
    'Findings',
    [
      { title: 'Level', width: 3 },
      { title: 'Finding', width: 9 },
      { title: 'From', width: 4 },
      { title: 'To', width: 4 },
      { title: 'Status', width: 3 },
      { title: 'Records', width: 3, isNumeric: true },
      { title: 'Chains', width: 7 },
    ],
    listed.map(({ level, title, windowFrom, windowTo, status, recordCount, chains }) => [
      asWord(level),
      title,
      minute(windowFrom),
      minute(windowTo),
      asWord(status.replaceAll('_', ' ')),
      figure(recordCount),
      chains.map(({ name }) => name).join(', '),
    ]),
  );
}

function signatures(pdf: PdfDocument, { coverage: { records, attested } }: Report): void {
  pdf.prose(
    records === 0
      ? 'No record of this period could be signed.'
      : `${share(attested, records)} of the period, ${figure(attested)} of its ${many(records, 'record')}, is covered by a signed attestation of its chain as it stands. Each can be verified with cosign and the public key, without the server.`,
  );
}

function decisionsOf(counts: readonly Partial<Record<Decision, number>>[]): Decision[] {
  const all = Object.keys(TONES) as Decision[]; // keys of a literal we own
  return all.filter((decision) => counts.some((one) => one[decision]));
}

function verdictWord(verdict: ChainVerdict): string {
  return verdict === 'verified-with-warnings' ? 'Verified with warnings' : asWord(verdict);
}

function asWord(text: string): string {
  return asSentence(text).slice(0, -1);
}
