import type { AlarmKind } from '../core/chain/tail-alarm';

/** What a forwarder saw happen to a log; told once by its id. `at_byte` counts from the start of the chain. */
export type TailAlarmsTable = {
  id: string;
  chain_id: string;
  kind: AlarmKind;
  at_byte: number;
  detail: string;
  raised_at: Date;
  received_at: Date;
  received_by: string;
};

/** A log that a worker on `host` follows itself, as of `seen_at`. */
export type WatchedLogsTable = {
  host: string;
  log: string;
  chain: string;
  phase: 'live' | 'waiting' | 'stopped';
  message: string | null;
  lag_bytes: number;
  seen_at: Date;
};
