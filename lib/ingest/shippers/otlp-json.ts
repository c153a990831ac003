import * as z from 'zod';
import { AppError } from '../../core/errors';
import { isObject } from '../../core/formats/read-line';
import { MAX_ENTRIES, MAX_NESTING } from './delivery';
import type { OtlpAttributes, OtlpRecord, OtlpValue } from './otlp';

const Attributes = z.array(z.object({ key: z.string().default(''), value: z.unknown().optional() })).default([]);
const LogRecord = z.object({ attributes: Attributes, body: z.unknown().optional() });
/** OTLP 1.x, JSON mapping: lowerCamelCase, unknown members ignored. */
const Request = z.object({
  resourceLogs: z
    .array(
      z.object({
        resource: z.object({ attributes: Attributes }).default({ attributes: [] }),
        scopeLogs: z.array(z.object({ logRecords: z.array(LogRecord).default([]) })).default([]),
      }),
    )
    .default([]),
});

/** @throws AppError BAD_REQUEST for what is no ExportLogsServiceRequest, TOO_LARGE. */
export function readOtlpJson(body: Buffer): OtlpRecord[] {
  const records: OtlpRecord[] = [];
  for (const { resource, scopeLogs } of parse(body).resourceLogs) {
    const shared = texts(resource.attributes);
    for (const { logRecords } of scopeLogs) {
      if (records.length + logRecords.length > MAX_ENTRIES)
        throw new AppError('TOO_LARGE', `an export is at most ${MAX_ENTRIES} log records`, { limit: MAX_ENTRIES });
      for (const { attributes, body: value } of logRecords)
        records.push({ resource: shared, attributes: texts(attributes), body: bodyOf(value) });
    }
  }
  return records;
}

function parse(body: Buffer): z.infer<typeof Request> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new AppError('BAD_REQUEST', `the body is no JSON: ${error instanceof Error ? error.message : ''}`);
  }
  return Request.parse(value);
}

function texts(attributes: z.infer<typeof Attributes>): OtlpAttributes {
  return new Map(
    attributes.flatMap(({ key, value }) =>
      isObject(value) && typeof value['stringValue'] === 'string' ? [[key, value['stringValue']] as const] : [],
    ),
  );
}

function bodyOf(value: unknown): OtlpValue {
  if (!isObject(value)) return null;
  if (typeof value['stringValue'] === 'string') return { kind: 'text', text: Buffer.from(value['stringValue']) };
  if (typeof value['bytesValue'] === 'string')
    return { kind: 'text', text: Buffer.from(value['bytesValue'], 'base64') };
  const plain = plainValue(value, 0);
  return plain === undefined ? null : { kind: 'other', value: plain };
}

/** An AnyValue as the JSON it stands for; undefined when it stands for nothing. */
function plainValue(value: unknown, depth: number): unknown {
  if (depth > MAX_NESTING) throw new AppError('BAD_REQUEST', `a value nests deeper than ${MAX_NESTING}`);
  if (!isObject(value)) return undefined;
  const { stringValue, bytesValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue } = value;
  if (intValue !== undefined) return Number(intValue);
  if (isObject(arrayValue))
    return Array.isArray(arrayValue['values'])
      ? arrayValue['values'].map((item) => plainValue(item, depth + 1) ?? null)
      : [];
  if (isObject(kvlistValue)) {
    const members = Attributes.parse(kvlistValue['values']);
    return Object.fromEntries(members.map(({ key, value: member }) => [key, plainValue(member, depth + 1) ?? null]));
  }
  return stringValue ?? bytesValue ?? boolValue ?? doubleValue;
}
