import type { CsvRow } from '../../../reports/csv-stream';
import type { IntegrityOfChain } from '../../../schemas/integrity-report';
import type { Report } from '../../../schemas/reports';
import type { Settled } from './run-kind';

/** Records signed are no more than there were: a segment may have been closed and signed meanwhile. */
const atMost = (attested: number, records: number) => Math.min(attested, records);

/** A report with the chains it is of as they stood when it began, whatever was read of them later; what is counted of records is derived after. */
export function settledReport(report: Report, settled: Settled): Report {
  const chains = report.chains.flatMap((chain) => {
    const of = settled.get(chain.id);
    if (!of) return [];
    const inPeriod = { records: of.inPeriod, attested: atMost(chain.inPeriod.attested, of.inPeriod) };
    return [{ ...chain, verdict: of.verdict, inPeriod }];
  });
  const listed = new Set(chains.map(({ id }) => id));
  const others = [...settled.values()].filter(({ id }) => !listed.has(id));
  const records = others.reduce((sum, { inPeriod }) => sum + inPeriod, 0);
  const attested = atMost(report.moreChains.attested, records);
  const byVerdict: Report['byVerdict'] = {};
  for (const { verdict } of settled.values()) byVerdict[verdict] = (byVerdict[verdict] ?? 0) + 1;
  return {
    ...report,
    chains,
    moreChains: { ...report.moreChains, chains: others.length, records, attested },
    byVerdict,
    coverage: {
      ...report.coverage,
      attested: attested + chains.reduce((sum, { inPeriod }) => sum + inPeriod.attested, 0),
    },
  };
}

/** Rows of `integrity.csv`: of a chain that has other records by now what was counted of these is left out. */
export async function* settledRows(rows: AsyncIterable<CsvRow>, settled: Settled): AsyncGenerator<CsvRow> {
  for await (const row of rows) {
    const of = settled.get(String(row['chain_id']));
    if (!of) continue;
    const records_signed = atMost(Number(row['records_signed']), of.inPeriod);
    if (row['records_total'] === of.inPeriod) {
      yield { ...row, verdict: of.verdict, records_signed };
      continue;
    }
    const { chain, format, requested_from, requested_to, chain_id } = row;
    yield {
      chain,
      format,
      verdict: of.verdict,
      requested_from,
      requested_to,
      records_total: of.inPeriod,
      chain_id,
      records_signed,
    };
  }
}

/** A chain of an integrity report; of one that has other records by now how many of them are valid is not known. */
export function settledChain(chain: IntegrityOfChain, settled: Settled): IntegrityOfChain[] {
  const of = settled.get(chain.id);
  if (!of) return [];
  const total = of.inPeriod;
  const attested = atMost(chain.records.attested, total);
  const valid = chain.records.total === total ? chain.records.valid : null;
  return [
    {
      ...chain,
      verdict: of.verdict,
      found: of.found,
      records: { total, valid, attested, unattested: total - attested },
    },
  ];
}
