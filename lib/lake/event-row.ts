import 'server-only';
import type { ChainFormat, CheckedRecord } from '../core/chain/format';
import type { ProblemCode } from '../core/chain/problem';
import { readObject } from '../core/formats/read-line';

type Place = { chainId: string; segment: { index: number; digest: string }; ordinal: number; line: number; byteOffset: number; byteLength: number };
export type EventRow = ReturnType<typeof eventRow>;

const UNKNOWN_TIME = '1970-01-01 00:00:00.000000';
const MAX_UINT32 = 2 ** 32 - 1;

/** A record as a row of the lake. */
export function eventRow(format: ChainFormat, line: Uint8Array, checked: CheckedRecord, place: Place, problem: ProblemCode | undefined) {
  const event = format.toEvent(readObject(line));
  return {
    chain_id: place.chainId,
    segment_index: place.segment.index,
    segment_digest: place.segment.digest,
    ordinal: place.ordinal,
    line: place.line,
    byte_offset: place.byteOffset,
    byte_length: place.byteLength,
    format: format.id,
    recorded_at: lakeTime(event.recordedAt),
    kind: event.kind,
    agent: event.agent,
    session_id: event.sessionId,
    run_id: event.runId,
    tool: event.tool,
    decision: event.decision,
    reason: event.reason,
    policy: event.policy,
    target: event.target,
    protocol: event.protocol,
    model: event.model,
    secrets_redacted: count(event.secretsRedacted, MAX_UINT32),
    input_tokens: count(event.inputTokens, Number.MAX_SAFE_INTEGER),
    output_tokens: count(event.outputTokens, Number.MAX_SAFE_INTEGER),
    cost_usd: Number.isFinite(event.costUsd) ? event.costUsd : 0,
    latency_ms: count(event.latencyMs, MAX_UINT32),
    hash: checked.hash ?? '',
    prev_hash: checked.prev ?? '',
    sequence: checked.sequence,
    integrity: problem ?? 'ok',
  };
}

/** `2026-05-11T08:00:00.123456789Z` as the lake reads it, cut to microseconds. A time outside 1970 to 2261 counts as unknown. */
export function lakeTime(instant: string | null): string {
  if (!instant || instant < '1970' || instant >= '2262') return UNKNOWN_TIME;
  const [seconds = '', fraction = ''] = instant.replace(/Z$/, '').split('.');
  return `${seconds.replace('T', ' ')}.${fraction.slice(0, 6).padEnd(6, '0')}`;
}

function count(value: number, max: number): number {
  return Number.isFinite(value) && value > 0 ? Math.min(Math.trunc(value), max) : 0;
}
