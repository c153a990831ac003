import 'server-only';
import type { ChainFormat, CheckedRecord } from '../core/chain/format';
import type { NormalisedEvent } from '../core/chain/event';
import type { ProblemCode } from '../core/chain/problem';
import { readObject } from '../core/formats/read-line';
import { storableText } from '../core/text/storable';

type Place = { chainId: string; segment: { index: number; digest: string }; ordinal: number; line: number; byteOffset: number; byteLength: number };
export type EventRow = ReturnType<typeof eventRow>;

const UNKNOWN_TIME = '1970-01-01 00:00:00.000000';
const MAX_UINT32 = 2 ** 32 - 1;
/** Far beyond any cost, and so far below the largest double that no sum of costs gets there. */
const MAX_COST_USD = 1e100;
/** Of a record that could not be read as an event, so much is shown. */
const SHOWN_CHARACTERS = 4_096;
const UNREADABLE = { recordedAt: null, kind: 'unreadable', agent: '', sessionId: '', runId: '', tool: '', decision: 'info', policy: '', protocol: '', model: '', secretsRedacted: 0, inputTokens: 0, outputTokens: 0, costUsd: 0, latencyMs: 0 } as const;

/** A record as a row of the lake, whatever it holds: text is written as `storableText` says, numbers the columns cannot hold are cut to what they can. */
export function eventRow(format: ChainFormat, line: Uint8Array, checked: CheckedRecord, place: Place, problem: ProblemCode | undefined) {
  return rowOf(eventOf(format, line), format, checked, place, problem);
}

/** The row of a record that the lake refused: no fields, but why, and how its bytes begin. */
export function refusedRow(row: EventRow, line: Uint8Array, reason: string): EventRow {
  const { recordedAt: _, sessionId: session_id, runId: run_id, secretsRedacted: secrets_redacted, inputTokens: input_tokens, outputTokens: output_tokens, costUsd: cost_usd, latencyMs: latency_ms, ...same } = UNREADABLE;
  return { ...row, ...same, session_id, run_id, secrets_redacted, input_tokens, output_tokens, cost_usd, latency_ms, recorded_at: UNKNOWN_TIME, reason: storableText(reason), target: beginningOf(line), hash: plain(row.hash), prev_hash: plain(row.prev_hash), sequence: null };
}

/** What nobody foresaw in a record must not keep it, and those beside it, out of the lake. */
function eventOf(format: ChainFormat, line: Uint8Array): NormalisedEvent {
  try {
    return format.toEvent(readObject(line));
  } catch (error) {
    return { ...UNREADABLE, reason: `The record could not be read as an event: ${error instanceof Error ? error.message : String(error)}`, target: beginningOf(line) };
  }
}

/** The first bytes of a line with everything but printable ASCII left out. */
function beginningOf(line: Uint8Array): string {
  return plain(Buffer.from(line.buffer, line.byteOffset, Math.min(line.byteLength, SHOWN_CHARACTERS)).toString('latin1'));
}

function plain(text: string): string {
  return text.slice(0, SHOWN_CHARACTERS).replaceAll(/[^\x20-\x7e]/g, '?');
}

function rowOf(event: NormalisedEvent, format: ChainFormat, checked: CheckedRecord, place: Place, problem: ProblemCode | undefined) {
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
    kind: storableText(event.kind),
    agent: storableText(event.agent),
    session_id: storableText(event.sessionId),
    run_id: storableText(event.runId),
    tool: storableText(event.tool),
    decision: event.decision,
    reason: storableText(event.reason),
    policy: storableText(event.policy),
    target: storableText(event.target),
    protocol: storableText(event.protocol),
    model: storableText(event.model),
    secrets_redacted: count(event.secretsRedacted, MAX_UINT32),
    input_tokens: count(event.inputTokens, Number.MAX_SAFE_INTEGER),
    output_tokens: count(event.outputTokens, Number.MAX_SAFE_INTEGER),
    cost_usd: Number.isFinite(event.costUsd) ? Math.min(event.costUsd, MAX_COST_USD) : 0,
    latency_ms: count(event.latencyMs, MAX_UINT32),
    hash: storableText(checked.hash ?? ''),
    prev_hash: storableText(checked.prev ?? ''),
    sequence: checked.sequence !== null && Number.isSafeInteger(checked.sequence) && checked.sequence >= 0 ? checked.sequence : null,
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
