import { briefInstant } from '../lake/time';
import { integrityJson, integrityPdf } from '../reports/integrity/integrity-pdf';
import { IntegrityReport } from '../schemas/integrity-report';
import { derivedKind } from './derived';
import type { DerivedRecord } from './records';

/** The records of each chain, and when they are of, are counted again, and what is added up of these. */
export const integrity = derivedKind(IntegrityReport, async (kept, { records }) => {
  const report = derivedIntegrity(kept, await countChains(records));
  return { json: integrityJson(report), pdf: (env) => integrityPdf({ env }, report) };
});

/** Records of a chain, and the first and the last time they state. */
type OfChain = { records: number; from: string; to: string };

/** What there is of each chain, of records in the order of their time. */
async function countChains(records: AsyncIterable<DerivedRecord>): Promise<Map<string, OfChain>> {
  const chains = new Map<string, OfChain>();
  for await (const { chain_id: id, recorded_at: at } of records) {
    const of = chains.get(id) ?? { records: 0, from: at, to: at };
    of.records += 1;
    of.to = at;
    chains.set(id, of);
  }
  return chains;
}

/** What is counted, in place of what was kept; verdicts, problems, heads and signatures are as they were kept. */
function derivedIntegrity(kept: IntegrityReport, counted: ReadonlyMap<string, OfChain>): IntegrityReport {
  const records = [...counted.values()].reduce((sum, of) => sum + of.records, 0);
  return {
    ...kept,
    totals: {
      ...kept.totals,
      chains: counted.size,
      records,
      unattested: records - kept.totals.attested,
    },
    chains: kept.chains.map((chain) => {
      const of = counted.get(chain.id);
      const total = of?.records ?? 0;
      return {
        ...chain,
        found: of ? { from: briefInstant(of.from), to: briefInstant(of.to) } : chain.found,
        records: { ...chain.records, total, unattested: total - chain.records.attested },
      };
    }),
    moreChains: Math.max(0, counted.size - kept.chains.length),
  };
}
