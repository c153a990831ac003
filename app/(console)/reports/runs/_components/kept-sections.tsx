import type { Kept } from '@/lib/package/report-runs/open-file';
import { CONTROLS_SECTIONS, KeptControls } from './kept-controls';
import { INCIDENT_SECTIONS, KeptIncident } from './kept-incident';
import { INTEGRITY_SECTIONS, KeptIntegrity } from './kept-integrity';
import { KeptReport, sectionsOf } from './kept-report';
import { KeptUsage, USAGE_SECTIONS } from './kept-usage';

/** The sections of a kept report of any kind. */
export function KeptSections({
  runId,
  kept,
  hrefOf,
}: {
  runId: string;
  kept: Kept;
  /** Where its files are; where people who are signed in have them when it is not said. */
  hrefOf?: (file: string) => string;
}) {
  switch (kept.kind) {
    case 'governance':
      return <KeptReport runId={runId} report={kept.report} {...(hrefOf && { hrefOf })} />;
    case 'controls':
      return <KeptControls report={kept.report} />;
    case 'incident':
      return <KeptIncident report={kept.report} />;
    case 'integrity':
      return <KeptIntegrity report={kept.report} />;
    case 'usage':
      return <KeptUsage report={kept.report} />;
  }
}

export function sectionCount(kept: Kept): number {
  if (kept.kind === 'governance') return sectionsOf(kept.report).length;
  return {
    controls: CONTROLS_SECTIONS,
    incident: INCIDENT_SECTIONS,
    integrity: INTEGRITY_SECTIONS,
    usage: USAGE_SECTIONS,
  }[kept.kind];
}
