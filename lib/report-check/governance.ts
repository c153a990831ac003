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
  return {
    ...kept,
    summary: { ...kept.summary, ...totals, chains: byChain.size },
    bucketSeconds: counted.bucketSeconds,
    activity: counted.activity,
    topTools: counted.topTools,
    blocked: counted.blocked,
    blockedTotal: counted.blockedTotal,
    chains: kept.chains.map((chain) => ({
      ...chain,
      inPeriod: { ...chain.inPeriod, records: byChain.get(chain.id) ?? 0 },
    })),
    coverage: { ...kept.coverage, records: totals.records },
  };
}
