import type { ReEncoder } from './delivery';

/** What makes each shipper pass a line on as it was read. */
const SETTING: Record<ReEncoder, { name: string; setting: string }> = {
  'vector': { name: 'Vector', setting: 'encoding.codec = "raw_message" and framing.method = "newline_delimited" in the http sink, with no parsing transform before it' },
  'fluent-bit': { name: 'Fluent Bit', setting: 'no Parser in the tail input, so that the line stays whole in "log"' },
  'opentelemetry': { name: 'the OpenTelemetry pipeline', setting: 'the filelog receiver without a json_parser operator, so that the body stays the line' },
  'splunk-hec': { name: 'the HEC client', setting: 'the line as a string in "event", or the /services/collector/raw endpoint' },
  'loki': { name: 'the Loki client', setting: 'no json or template stage, so that the line stays as it was read' },
  'elastic': { name: 'the Elastic client', setting: 'the line as a string in "message", without decode_json_fields or an ndjson parser' },
  'shipper': { name: 'the shipper', setting: 'send the line as it was read, not parsed and encoded again' },
};

/** What to tell whoever sends, of lines that came written anew. */
export function reEncodedNote(by: ReEncoder, lines: number): string {
  const { name, setting } = SETTING[by];
  return `${lines.toLocaleString('en')} ${lines === 1 ? 'record was' : 'records were'} re-serialised by shipper (${name}): the bytes are not those the log's writer hashed. Set: ${setting}`;
}
