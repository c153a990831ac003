import type { Hasher } from '../../core/chain/format';
import type { Entry } from './delivery';
import { lineOfEvent, lineOfText } from './raw-line';

/** A value of the OpenTelemetry data model; a text keeps the bytes it came in. */
export type OtlpValue = { kind: 'text'; text: Buffer } | { kind: 'other'; value: unknown } | null;
export type OtlpAttributes = ReadonlyMap<string, string>;
export type OtlpRecord = { resource: OtlpAttributes; attributes: OtlpAttributes; body: OtlpValue };

/** Attributes that name a chain, the most explicit first; of a record before those of its resource. */
const NAMING = ['sealtrail.chain', 'log.file.name', 'log.file.path', 'service.name'];

/** Log records of one export as lines. */
export function otlpEntries(hasher: Hasher, records: readonly OtlpRecord[]): Entry[] {
  return records.map(({ resource, attributes, body }) => {
    const chain = NAMING.map((name) => attributes.get(name) ?? resource.get(name)).find(
      (value) => value !== undefined && value !== '',
    );
    if (chain === undefined) return { refused: 'nothing names the chain: set the resource attribute sealtrail.chain' };
    if (body === null) return { refused: 'a log record without a body holds no line' };
    if (body.kind === 'text') return { chain, ...lineOfText(body.text) };
    const bytes = Buffer.from(JSON.stringify(body.value));
    return { chain, ...lineOfEvent(hasher, { bytes, value: body.value }, 'opentelemetry') };
  });
}
