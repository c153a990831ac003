import 'server-only';
import type { ChainRecord } from '../schemas/chains';

/** Columns of a record in lists, in the lake's names. */
export const RECORD_COLUMNS = `chain_id, ordinal, line, byte_offset, byte_length, recorded_at, format, kind, agent, session_id, run_id,
  tool, decision, reason, policy, target, secrets_redacted, hash, integrity`;

export type RecordRow = {
  chain_id: string;
  ordinal: number;
  line: number;
  byte_offset: number;
  byte_length: number;
  recorded_at: string;
  format: ChainRecord['format'];
  kind: string;
  agent: string;
  session_id: string;
  run_id: string;
  tool: string;
  decision: ChainRecord['decision'];
  reason: string;
  policy: string;
  target: string;
  secrets_redacted: number;
  hash: string;
  integrity: ChainRecord['integrity'];
};

export function toRecord(row: RecordRow): ChainRecord {
  return {
    chainId: row.chain_id,
    ordinal: row.ordinal,
    line: row.line,
    byteOffset: row.byte_offset,
    byteLength: row.byte_length,
    recordedAt: row.recorded_at.startsWith('1970-01-01') ? null : row.recorded_at,
    format: row.format,
    kind: row.kind,
    agent: row.agent,
    sessionId: row.session_id,
    runId: row.run_id,
    tool: row.tool,
    decision: row.decision,
    reason: row.reason,
    policy: row.policy,
    target: row.target,
    secretsRedacted: row.secrets_redacted,
    hash: row.hash,
    integrity: row.integrity,
  };
}
