import type { Report, ReportChains } from '@/lib/schemas/reports';
import { Blocked } from '../../_components/blocked';
import { FindingsByLevel } from '../../_components/findings-by-level';
import { Integrity } from '../../_components/integrity';
import { Section } from '../../_components/section';
import { Signatures } from '../../_components/signatures';
import { Summary } from '../../_components/summary';
import { Tools } from '../../_components/tools';
import { WhatHappened } from '../../_components/what-happened';
import { fileHref } from './run-files';

/** Sections 1 to 7 of a report, from the figures it was kept with. */
export function KeptReport({
  runId,
  report,
  hrefOf = (file) => fileHref(runId, file),
}: {
  runId: string;
  report: Report;
  /** Where its files are. */
  hrefOf?: (file: string) => string;
}) {
  const chains: ReportChains = { ...report, total: report.summary.chains };
  const given = Promise.resolve(chains);
  return (
    <>
      <Section number={1} title="Summary">
        <Summary report={report} chains={given} />
      </Section>
      <Section number={2} title="Integrity of the evidence">
        <Integrity of={chains} parts={new Map()} />
      </Section>
      <Section number={3} title="What the agents did">
        <WhatHappened report={report} />
      </Section>
      <Section number={4} title="Tools">
        <Tools tools={report.topTools} period={report.period} />
      </Section>
      <Section number={5} title="Blocked accesses">
        <Blocked report={report} csv={hrefOf('blocked.csv')} />
      </Section>
      <Section number={6} title="Findings">
        <FindingsByLevel report={report} csv={hrefOf('findings.csv')} isKept />
      </Section>
      <Section number={7} title="Signatures">
        <Signatures chains={given} />
      </Section>
    </>
  );
}
