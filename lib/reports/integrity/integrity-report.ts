import type { IntegrityOfChain, IntegrityReport } from '../../schemas/integrity-report';
import type { CsvRow } from '../csv-stream';

const MOST_LISTED = 500;

/** Adds up chains as they come, and keeps the first 500. */
export async function integrityReport(
  chains: AsyncIterable<IntegrityOfChain>,
  about: Pick<IntegrityReport, 'definition' | 'period' | 'generatedAt'>,
): Promise<IntegrityReport> {
  const listed: IntegrityOfChain[] = [];
  const byVerdict: IntegrityReport['byVerdict'] = {};
  const totals = {
    chains: 0,
    records: 0,
    attested: 0,
    unattested: 0,
    problems: 0,
    restarts: 0,
    timeGaps: 0,
    heads: 0,
    statements: 0,
  };
  for await (const chain of chains) {
    if (listed.length < MOST_LISTED) listed.push(chain);
    byVerdict[chain.verdict] = (byVerdict[chain.verdict] ?? 0) + 1;
    totals.chains += 1;
    totals.records += chain.records.total;
    totals.attested += chain.records.attested;
    totals.unattested += chain.records.unattested;
    totals.problems += problemCount(chain);
    totals.restarts += chain.restarts;
    totals.timeGaps += chain.timeGaps.length;
    totals.heads += chain.headsTotal;
    totals.statements += chain.statementsTotal;
  }
  return {
    kind: 'integrity',
    ...about,
    totals,
    byVerdict,
    chains: listed,
    moreChains: totals.chains - listed.length,
  };
}

export function problemCount({ problemCounts }: Pick<IntegrityOfChain, 'problemCounts'>): number {
  return Object.values(problemCounts).reduce((sum, count) => sum + count, 0);
}

export const CHAIN_COLUMNS = [
  'chain',
  'format',
  'verdict',
  'verified_at',
  'found_from',
  'found_to',
  'records',
  'records_valid',
  'records_attested',
  'records_unattested',
  'records_of_chain',
  'segments',
  'problems',
  'problem_codes',
  'restarts',
  'time_gaps',
  'longest_time_gap_seconds',
  'time_steps',
  'heads',
  'statements',
  'chain_id',
];

export function chainRow(chain: IntegrityOfChain): CsvRow {
  const { records, timeGaps } = chain;
  return {
    chain: chain.name,
    format: chain.format,
    verdict: chain.verdict,
    verified_at: chain.verifiedAt,
    found_from: chain.found.from,
    found_to: chain.found.to,
    records: records.total,
    records_valid: records.valid,
    records_attested: records.attested,
    records_unattested: records.unattested,
    records_of_chain: chain.chainRecords,
    segments: chain.segments,
    problems: problemCount(chain),
    problem_codes: Object.entries(chain.problemCounts)
      .map(([code, count]) => `${code}=${count}`)
      .join(' '),
    restarts: chain.restarts,
    time_gaps: timeGaps.length,
    longest_time_gap_seconds: Math.max(0, ...timeGaps.map(({ seconds }) => seconds)),
    time_steps: chain.timeSteps,
    heads: chain.headsTotal,
    statements: chain.statementsTotal,
    chain_id: chain.id,
  };
}

export const PROBLEM_COLUMNS = [
  'chain',
  'record',
  'line',
  'byte_offset',
  'severity',
  'code',
  'expected',
  'found',
  'message',
  'chain_id',
];

/** The problems of a chain that the report lists. */
export function problemRows({ id, name, problems }: IntegrityOfChain): CsvRow[] {
  return problems.map(({ record, line, byteOffset, severity, code, expected, found, message }) => ({
    chain: name,
    record,
    line,
    byte_offset: byteOffset,
    severity,
    code,
    expected,
    found,
    message,
    chain_id: id,
  }));
}

export const HEAD_COLUMNS = ['chain', 'observed_at', 'records', 'bytes', 'state', 'hash', 'chain_id'];

/** The heads of a chain that the report lists. */
export function headRows({ id, name, heads }: IntegrityOfChain): CsvRow[] {
  return heads.map(({ observedAt, ...head }) => ({ chain: name, observed_at: observedAt, ...head, chain_id: id }));
}

export const STATEMENT_COLUMNS = [
  'chain',
  'signed_at',
  'predicate_type',
  'verdict',
  'first_record',
  'last_record',
  'withdrawn_at',
  'bundle_sha256',
  'log_index',
  'attestation_id',
  'chain_id',
];

/** The statements over a chain that the report lists. */
export function statementRows({ id, name, statements }: IntegrityOfChain): CsvRow[] {
  return statements.map((one) => ({
    chain: name,
    signed_at: one.signedAt,
    predicate_type: one.predicateType,
    verdict: one.verdict,
    first_record: one.firstRecord,
    last_record: one.lastRecord,
    withdrawn_at: one.withdrawnAt,
    bundle_sha256: one.bundleSha256,
    log_index: one.logIndex,
    attestation_id: one.id,
    chain_id: id,
  }));
}
