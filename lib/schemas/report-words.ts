import type { ReportKind, ReportScope } from './report-definitions';

/** What a report is of, where that is not every record: a line for its chains, and one for its agents. */
export function scopeLines({ chains, agents }: ReportScope): string[] {
  return [
    ...(chains.length > 0 ? [`Records of chains ${chains.join(', ')} alone.`] : []),
    ...(agents.length > 0
      ? [
          `Records of agents ${agents.join(', ')} alone; findings, verdicts and problems are those of the chains they are in.`,
        ]
      : []),
  ];
}

/** What a report of a kind is called where nobody gave it a name. */
export const KIND_NAMES: Readonly<Record<ReportKind, string>> = {
  governance: 'Governance report',
  integrity: 'Integrity report',
  usage: 'Usage report',
  controls: 'Control evidence',
  incident: 'Incident report',
};
