import type { ReactNode } from 'react';
import { ReportSection } from '@/lib/schemas/report-definitions';
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

/** The sections a kept report has, in order. */
export function sectionsOf({ definition }: Pick<Report, 'definition'>): readonly ReportSection[] {
  return definition?.sections ?? ReportSection.options;
}

/** The sections of a report, from the figures it was kept with. */
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
  const sections = sectionsOf(report);
  const { definition } = report;
  const shown: Record<ReportSection, [title: string, content: ReactNode]> = {
    summary: [
      'Summary',
      <Summary
        key="summary"
        report={report}
        chains={given}
        sections={sections}
        isOfEvery={!definition || definition.scope.chains.length + definition.scope.agents.length === 0}
      />,
    ],
    integrity: ['Integrity of the evidence', <Integrity key="integrity" of={chains} parts={new Map()} />],
    activity: ['What the agents did', <WhatHappened key="activity" report={report} />],
    tools: ['Tools', <Tools key="tools" tools={report.topTools} period={report.period} />],
    blocked: ['Blocked accesses', <Blocked key="blocked" report={report} csv={hrefOf('blocked.csv')} />],
    findings: ['Findings', <FindingsByLevel key="findings" report={report} csv={hrefOf('findings.csv')} isKept />],
    signatures: ['Signatures', <Signatures key="signatures" chains={given} />],
  };
  return sections.map((section, n) => {
    const [title, content] = shown[section];
    return (
      <Section key={section} number={n + 1} title={title}>
        {content}
      </Section>
    );
  });
}
