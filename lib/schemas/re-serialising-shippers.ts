import * as z from 'zod';
import { Instant } from './common';

export const ShipperId = z.enum(['vector', 'fluent-bit', 'opentelemetry', 'splunk-hec', 'elastic', 'shipper']);
export type ShipperId = z.infer<typeof ShipperId>;

/** What makes each shipper pass a line on as it was read. */
const SETTINGS: Record<ShipperId, { name: string; setting: string }> = {
  vector: {
    name: 'Vector',
    setting:
      'encoding.codec = "raw_message" and framing.method = "newline_delimited" in the http sink, with no parsing transform before it',
  },
  'fluent-bit': { name: 'Fluent Bit', setting: 'no Parser in the tail input, so that the line stays whole in "log"' },
  opentelemetry: {
    name: 'the OpenTelemetry pipeline',
    setting: 'the filelog receiver without a json_parser operator, so that the body stays the line',
  },
  'splunk-hec': {
    name: 'the HEC client',
    setting: 'the line as a string in "event", or the /services/collector/raw endpoint',
  },
  elastic: {
    name: 'the Elastic client',
    setting: 'the line as a string in "message", without decode_json_fields or an ndjson parser',
  },
  shipper: {
    name: 'a shipper that is not known here',
    setting: 'the line sent as it was read, not parsed and encoded again',
  },
};

/** Records of a chain that came in other bytes than their writer hashed. */
export const ReSerialised = z.object({
  shipper: ShipperId,
  records: z.number().int(),
  lastAt: Instant,
  /** What happened, and the setting against it. */
  message: z.string(),
});
export type ReSerialised = z.infer<typeof ReSerialised>;

/** What to report of records a shipper serialised again. */
export function reSerialisedMessage(shipper: ShipperId, records: number): string {
  const { name, setting } = SETTINGS[shipper];
  return `${records.toLocaleString('en')} ${records === 1 ? 'record was' : 'records were'} re-serialised by shipper (${name}): the bytes are not those the log's writer hashed. Set: ${setting}.`;
}
