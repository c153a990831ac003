export const DECISIONS = ['allow', 'deny', 'ask', 'transform', 'local', 'error', 'info'] as const;
export type Decision = (typeof DECISIONS)[number];

/** One record in the lake's vocabulary. Empty string and zero mean "the record does not say". */
export type NormalisedEvent = {
  /** RFC 3339 UTC, up to nanoseconds as written; null when unreadable. */
  recordedAt: string | null;
  /** Writer's record type: `tool_call`, `request`, `policy_loaded`, … */
  kind: string;
  agent: string;
  sessionId: string;
  runId: string;
  tool: string;
  decision: Decision;
  reason: string;
  /** Policy or rule that decided. */
  policy: string;
  /** File, URL or resource acted on. */
  target: string;
  protocol: string;
  model: string;
  /** Count of secrets redacted. */
  secretsRedacted: number;
  inputTokens: number;
  outputTokens: number;
  /** US dollars. */
  costUsd: number;
  latencyMs: number;
};
