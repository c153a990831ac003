import type { ShipperId } from '../../schemas/re-serialising-shippers';

/** Ways in for programs that send logs by a protocol of their own; also the `via` of the metrics. */
export type Shipper = 'http' | 'otlp' | 'splunk-hec' | 'loki' | 'elastic';

/** One thing a shipper sent: a line for a chain, or what can never be one. */
export type Entry =
  | {
      chain: string;
      /** Without its newline; as it was read from the log unless `reSerialisedBy` is set. */
      line: Buffer;
      /** Who re-serialised the record on its way; null when the bytes are the writer's, as far as is known. */
      reSerialisedBy: ShipperId | null;
    }
  | { refused: string };

/** Things one delivery may hold. */
export const MAX_ENTRIES = 500_000;
/** Chains one delivery may touch. */
export const MAX_CHAINS = 1_000;
/** Levels a value may nest before it is refused. */
export const MAX_NESTING = 64;
