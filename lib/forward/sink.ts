import type { FormatId } from '../core/chain/format';
import type { TailAlarm } from '../core/chain/tail-alarm';

type Batch = {
  chain: string;
  format: FormatId | null;
  /** Where the chain ends before it, in bytes. */
  offset: number;
  /** Whole lines. */
  bytes: Buffer<ArrayBuffer>;
  /** Bytes still to send after it. */
  lagBytes: number;
};

export type Answer =
  /** Durable; the chain ends at `offset` now. */
  | { kind: 'accepted'; offset: number; head: string | null }
  /** The chain ends elsewhere; nothing was taken in. */
  | { kind: 'conflict'; offset: number; head: string | null }
  /** It will not be taken in however often it is sent. */
  | {
      kind: 'refused';
      message: string;
      /** Because of what the bytes are: these can never be sent. */
      ofBytes?: boolean;
    }
  /** Not now. `everything`: nothing else can be sent either. */
  | { kind: 'later'; message: string; afterMs: number | null; everything: boolean };

/** Where logs are sent. What goes wrong is an answer, never thrown. */
export type Sink = {
  append(batch: Batch, signal: AbortSignal): Promise<Answer>;
  /** True once the alarm is kept. */
  alarm(chain: string, alarm: TailAlarm, signal: AbortSignal): Promise<boolean>;
};
