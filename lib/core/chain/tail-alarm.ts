/**
 * What a forwarder saw happen to a log it follows: `truncated`: it got shorter; `replaced`: bytes already sent are others now; `dropped`: bytes
 * that can never be sent; `rolled-back`: the server holds less than it acknowledged; `diverged`: the server holds other bytes than the log.
 */
export const ALARM_KINDS = ['truncated', 'replaced', 'dropped', 'rolled-back', 'diverged'] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

/** `id` is the same however often it is told; `at` is a byte of the chain; `detail` is a sentence without log content. */
export type TailAlarm = { id: string; kind: AlarmKind; at: number; detail: string; raisedAt: string };
