import type { IncidentReport } from '../../schemas/incident-report';
import type { CsvRow } from '../csv-stream';

export const EVIDENCE_COLUMNS = [
  'recorded_at',
  'chain',
  'ordinal',
  'agent',
  'session_id',
  'tool',
  'target',
  'decision',
  'reason',
  'segment_sha256',
  'byte_offset',
  'byte_length',
  'hash',
  'findings',
  'proof',
  'chain_id',
];

/** The records that prove the findings, oldest first. */
export async function* evidenceRows({ records }: Pick<IncidentReport, 'records'>): AsyncGenerator<CsvRow> {
  for (const one of records)
    yield {
      recorded_at: one.recordedAt,
      chain: one.chain,
      ordinal: one.ordinal,
      agent: one.agent,
      session_id: one.sessionId,
      tool: one.tool,
      target: one.target,
      decision: one.decision,
      reason: one.reason,
      segment_sha256: one.segmentSha256,
      byte_offset: one.byteOffset,
      byte_length: one.byteLength,
      hash: one.hash,
      findings: one.findings.join(' '),
      proof: one.proof,
      chain_id: one.chainId,
    };
}

export const TIMELINE_COLUMNS = ['at', 'what', 'by', 'level', 'title', 'to', 'records', 'changes', 'note', 'id'];

/** What was found, by the beginning of its window, and what people did, in the order of time. */
export function timelineRows({ findings, history }: Pick<IncidentReport, 'findings' | 'history'>): CsvRow[] {
  const found = findings.map((one) => ({
    at: one.windowFrom,
    what: 'finding',
    by: one.ruleId,
    level: one.level,
    title: one.title,
    to: one.windowTo,
    records: one.recordCount,
    id: one.id,
  }));
  const done = history.map(({ id, at, by, changes, note }) => ({
    at,
    what: 'act',
    by: by.name,
    changes: JSON.stringify(changes),
    note,
    id,
  }));
  return [...found, ...done].toSorted((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1));
}
