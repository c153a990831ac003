import { reportJson, reportPdf } from '../reports/pdf/report-pdf';
import { Report } from '../schemas/reports';
import { type Counted, count } from './counted';
import { derivedKind } from './derived';

/** Every figure that is counted from records, counted again. */
export const governance = derivedKind(Report, async (kept, { records, period }) => {
  const report = derivedReport(kept, await count(records, period));
  return { json: reportJson(report), pdf: (env) => reportPdf({ env }, report) };
});

/** What is counted, in place of what was kept; verdicts, findings, signatures and records without a time are as they were kept. */
function derivedReport(kept: Report, { totals, byChain, ...counted }: Counted): Report {
  const chains = kept.chains.flatMap((chain) => {
    const records = byChain.get(chain.id);
    return records === undefined ? [] : [{ ...chain, inPeriod: { ...chain.inPeriod, records } }];
  });
  const listed = chains.reduce((sum, { inPeriod }) => sum + inPeriod.records, 0);
  return {
    ...kept,
    summary: { ...kept.summary, ...totals, chains: byChain.size },
    bucketSeconds: counted.bucketSeconds,
    activity: counted.activity,
    topTools: counted.topTools,
    blocked: counted.blocked,
    blockedTotal: counted.blockedTotal,
    chains,
    moreChains: { ...kept.moreChains, chains: byChain.size - chains.length, records: totals.records - listed },
    coverage: { ...kept.coverage, records: totals.records },
  };
}
