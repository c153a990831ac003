import protobuf from 'protobufjs/minimal.js';
import { AppError } from '../../core/errors';
import { MAX_ENTRIES, MAX_NESTING } from './delivery';
import type { OtlpRecord, OtlpValue } from './otlp';
import { readBytes, readInner, readMessage } from './protobuf';

type Reader = protobuf.Reader;

/** Field numbers: opentelemetry-proto 1.x, collector/logs/v1 and logs/v1. @throws AppError BAD_REQUEST, TOO_LARGE. */
export function readOtlpProtobuf(body: Buffer): OtlpRecord[] {
  const records: OtlpRecord[] = [];
  readMessage(body, { 1: (reader) => readResourceLogs(reader, records) });
  return records;
}

function readResourceLogs(reader: Reader, records: OtlpRecord[]): void {
  const resource = new Map<string, string>();
  readInner(reader, {
    1: (inner) => readInner(inner, { 1: (attribute) => readAttribute(attribute, resource) }),
    2: (inner) => readInner(inner, { 2: (record) => records.push(readRecord(record, resource, records.length)) }),
  });
}

function readRecord(reader: Reader, resource: OtlpRecord['resource'], before: number): OtlpRecord {
  if (before === MAX_ENTRIES)
    throw new AppError('TOO_LARGE', `an export is at most ${MAX_ENTRIES} log records`, { limit: MAX_ENTRIES });
  const attributes = new Map<string, string>();
  let body: OtlpValue = null;
  readInner(reader, {
    5: (inner) => {
      body = readValue(inner, 0);
    },
    6: (inner) => readAttribute(inner, attributes),
  });
  return { resource, attributes, body };
}

function readAttribute(reader: Reader, into: Map<string, string>): void {
  const { key, value } = readMember(reader, 0);
  if (value?.kind === 'text') into.set(key, value.text.toString('utf8'));
}

function readMember(reader: Reader, depth: number): { key: string; value: OtlpValue } {
  let key = '';
  let value: OtlpValue = null;
  readInner(reader, {
    1: (inner) => {
      key = readBytes(inner).toString('utf8');
    },
    2: (inner) => {
      value = readValue(inner, depth + 1);
    },
  });
  return { key, value };
}

function readValue(reader: Reader, depth: number): OtlpValue {
  if (depth > MAX_NESTING) throw new AppError('BAD_REQUEST', `a value nests deeper than ${MAX_NESTING}`);
  let value: OtlpValue = null;
  const other = (found: unknown) => {
    value = { kind: 'other', value: found };
  };
  const text = (inner: Reader) => {
    value = { kind: 'text', text: readBytes(inner) };
  };
  readInner(reader, {
    1: text,
    2: (inner) => other(inner.bool()),
    3: (inner) => other(Number(inner.int64().toString())),
    4: (inner) => other(inner.double()),
    5: (inner) => {
      const items: unknown[] = [];
      readInner(inner, { 1: (item) => items.push(plain(readValue(item, depth + 1))) });
      other(items);
    },
    6: (inner) => {
      const members: [string, unknown][] = [];
      readInner(inner, {
        1: (item) => {
          const member = readMember(item, depth + 1);
          members.push([member.key, plain(member.value)]);
        },
      });
      other(Object.fromEntries(members));
    },
    7: text,
  });
  return value;
}

function plain(value: OtlpValue): unknown {
  if (value === null) return null;
  return value.kind === 'text' ? value.text.toString('utf8') : value.value;
}

/** An ExportLogsServiceResponse. */
export function otlpResponse(partial: { rejectedLogRecords: number; errorMessage: string } | null): Uint8Array {
  const writer = protobuf.Writer.create();
  if (partial)
    writer
      .uint32(10)
      .fork()
      .uint32(8)
      .int64(partial.rejectedLogRecords)
      .uint32(18)
      .string(partial.errorMessage)
      .ldelim();
  return writer.finish();
}

/** A google.rpc.Status, which OTLP answers failures with. */
export function otlpStatus(message: string): Uint8Array {
  return protobuf.Writer.create().uint32(18).string(message).finish();
}
