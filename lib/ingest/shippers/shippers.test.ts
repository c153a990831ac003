import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import protobuf from 'protobufjs/minimal.js';
import { compress } from 'snappyjs';
import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/core/errors';
import { createHasher } from '@/lib/crypto/hasher';
import { readBulk } from './bulk';
import { MAX_NESTING } from './delivery';
import { readEvents } from './events';
import { readHecEvents } from './hec';
import { arrayItems, concatenatedValues } from './json-values';
import { readLabels, readLokiJson, readLokiProtobuf } from './loki';
import { otlpEntries } from './otlp';
import { readOtlpJson } from './otlp-json';
import { readOtlpProtobuf } from './otlp-protobuf';
import { readDelivery } from './read-delivery';

const hasher = await createHasher();
const request = (body: Buffer, headers: Record<string, string> = {}) => ({
  body: new Blob([new Uint8Array(body)]).stream(),
  headers: new Headers(headers),
});
const AS_HTTP = { chain: 'c', contentType: 'application/json', userAgent: '' };

describe('JSON values', () => {
  it('are split by their own bytes, however they are spaced and follow one another', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ a: fc.jsonValue(), 'b"\\]}': fc.string() })),
        fc.constantFrom(' ', '\n', ''),
        (values, gap) => {
          const texts = values.map((value) => JSON.stringify(value, null, gap === '\n' ? 2 : 0));
          expect(Array.from(concatenatedValues(Buffer.from(texts.join(gap))), ({ bytes }) => bytes.toString())).toEqual(
            texts,
          );
          expect(
            Array.from(arrayItems(Buffer.from(` [${texts.join(' , ')}]\n`)), ({ bytes }) => bytes.toString()),
          ).toEqual(texts);
        },
      ),
    );
  });

  it.each(['[1', '[1 2]', '[1,]', '[]x', '[{"a":}]', '["a]'])('%s is no array', (text) => {
    expect(() => [...arrayItems(Buffer.from(text))]).toThrow(/no JSON from byte/);
  });
});

describe('bodies', () => {
  const plain = Buffer.from('{"a":1}\n'.repeat(100));
  it.each([['snappy'], ['x-snappy-framed']])(
    'are read from snappy as another library frames it, called %s',
    async (encoding) => {
      const framed = readFileSync(path.join(import.meta.dirname, 'fixtures/framed.snappy'));
      const expected = Array.from({ length: 4000 }, (_, n) => `{"n":${n},"text":"${'abc'.repeat(n % 50)}"}\n`).join('');
      expect((await readDelivery(request(framed, { 'content-encoding': encoding }))).toString()).toBe(expected);
      for (const at of [14, 5_000, framed.length - 1]) {
        const damaged = Buffer.from(framed);
        damaged[at] = (damaged[at] ?? 0) ^ 1;
        await expect(readDelivery(request(damaged, { 'content-encoding': encoding }))).rejects.toMatchObject({
          code: 'UNREADABLE_BODY',
        });
      }
      await expect(
        readDelivery(request(framed.subarray(0, -3), { 'content-encoding': encoding })),
      ).rejects.toMatchObject({ code: 'UNREADABLE_BODY' });
    },
  );

  it.each([
    ['gzip', gzipSync(plain)],
    ['zstd', zstdCompressSync(plain)],
    ['snappy', compress(plain)],
    ['deflate', deflateSync(plain)],
    ['deflate', deflateRawSync(plain)],
    ['zlib', deflateSync(plain)],
    ['', plain],
  ])('are read from %s', async (encoding, body) => {
    expect((await readDelivery(request(body, encoding ? { 'content-encoding': encoding } : {}))).equals(plain)).toBe(
      true,
    );
  });

  it('are bounded by what they state and by what they unpack to', async () => {
    const states4GiB = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0x00, 0x61]);
    await expect(readDelivery(request(states4GiB), 'snappy')).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await expect(readDelivery(request(gzipSync(Buffer.alloc(65 * 1024 * 1024))))).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
    await expect(
      readDelivery(request(Buffer.from([0x05, 0xff, 0x00]), { 'content-encoding': 'snappy' })),
    ).rejects.toMatchObject({ code: 'UNREADABLE_BODY' });
    for (const encoding of ['lz4', 'br', 'compress'])
      await expect(readDelivery(request(plain, { 'content-encoding': encoding }))).rejects.toMatchObject({
        code: 'UNSUPPORTED_MEDIA',
        message: expect.stringContaining('snappy'),
      });
  });
});

describe('lines', () => {
  it('that were damaged before they were shipped stay as they were', () => {
    const torn = '{"audit_schema":1,"ts":"2026-05-1';
    expect(readEvents(hasher, Buffer.from(JSON.stringify([{ date: 1, log: torn }])), AS_HTTP)).toEqual([
      { chain: 'c', line: Buffer.from(torn), reSerialisedBy: null },
    ]);
    expect(readEvents(hasher, Buffer.from(`${torn}\n`), AS_HTTP)).toEqual([
      { chain: 'c', line: Buffer.from(torn), reSerialisedBy: null },
    ]);
  });

  it('of a body of text are never looked into', () => {
    const line = '{"message":"{\\"ts\\":\\"x\\"}"}\r';
    expect(
      readEvents(hasher, Buffer.from(`${line}\n\nlast`), { ...AS_HTTP, contentType: 'text/plain; charset=utf-8' }),
    ).toEqual([line, '', 'last'].map((text) => ({ chain: 'c', line: Buffer.from(text), reSerialisedBy: null })));
  });
});

it('what Fluent Bit sends unless it is told otherwise is refused with the setting', () => {
  expect(() =>
    readEvents(hasher, Buffer.from([0x92, 0x01]), {
      ...AS_HTTP,
      contentType: 'application/msgpack',
      userAgent: 'Fluent-Bit',
    }),
  ).toThrow(/format json/);
});

describe('OTLP', () => {
  it('keeps the bytes of a text, valid UTF-8 or not', () => {
    const body = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    const message = protobuf.Writer.create();
    message.uint32(10).fork().uint32(18).fork().uint32(18).fork();
    message.uint32(42).fork().uint32(10).bytes(body).ldelim();
    message
      .uint32(50)
      .fork()
      .uint32(10)
      .string('sealtrail.chain')
      .uint32(18)
      .fork()
      .uint32(10)
      .string('c')
      .ldelim()
      .ldelim();
    message.ldelim().ldelim().ldelim();
    expect(otlpEntries(hasher, readOtlpProtobuf(Buffer.from(message.finish())))).toEqual([
      { chain: 'c', line: body, reSerialisedBy: null },
    ]);
  });

  it('refuses what nests without end', () => {
    const deep = `${'{"arrayValue":{"values":['.repeat(MAX_NESTING + 2)}${']}}'.repeat(MAX_NESTING + 2)}`;
    expect(() =>
      readOtlpJson(Buffer.from(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${deep}}]}]}]}`)),
    ).toThrow(/nests deeper/);
    const wrap = (field: number, inner: Uint8Array) =>
      protobuf.Writer.create()
        .uint32((field << 3) | 2)
        .bytes(inner)
        .finish();
    let value: Uint8Array = new Uint8Array();
    for (let depth = 0; depth < MAX_NESTING + 2; depth += 1) value = wrap(5, wrap(1, value));
    expect(() => readOtlpProtobuf(Buffer.from(wrap(1, wrap(2, wrap(2, wrap(5, value))))))).toThrow(/nests deeper/);
  });
});

it('no bytes make a reader of protobuf fail otherwise than by refusing them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const read of [readOtlpProtobuf, readLokiProtobuf])
        expect([null, 'BAD_REQUEST']).toContain(refusalOf(() => read(Buffer.from(bytes))));
    }),
    { numRuns: 2_000 },
  );
});

/** The code of the AppError thrown, null when none is; anything else thrown is a defect. */
function refusalOf(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe('Loki', () => {
  it('reads labels as Prometheus writes them', () => {
    expect([...readLabels('{job="a, b", filename="/var/log/\\"x\\".jsonl"}')]).toEqual([
      ['job', 'a, b'],
      ['filename', '/var/log/"x".jsonl'],
    ]);
    expect([...readLabels('{}')]).toEqual([]);
    expect(() => readLabels('{job=a}')).toThrow(/name="value"/);
  });

  it('orders lines by time across streams, and keeps those of one time as they came', () => {
    const push = {
      streams: [
        {
          stream: { job: 'c', level: 'info' },
          values: [
            ['3', 'x3'],
            ['1', 'x1'],
          ],
        },
        {
          stream: { job: 'c', level: 'warn' },
          values: [
            ['2', 'x2'],
            ['3', 'x4'],
          ],
        },
        { stream: {}, values: [['0', 'nobody’s']] },
      ],
    };
    expect(
      readLokiJson(Buffer.from(JSON.stringify(push))).map((entry) =>
        'line' in entry ? entry.line.toString() : 'refused',
      ),
    ).toEqual(['refused', 'x1', 'x2', 'x3', 'x4']);
  });
});

it('Splunk: an event that cannot be taken is named by its number', () => {
  expect(() => readHecEvents(hasher, Buffer.from('{"source":"s","event":"a"}{"source":"s"}'), {})).toThrow(
    expect.objectContaining({ details: { event: 1, hecCode: 12 } }),
  );
  expect(
    readHecEvents(hasher, Buffer.from('{"event":"a"} {"source":"t","event":"b"}'), { source: 's' }).map(
      (entry) => 'chain' in entry && entry.chain,
    ),
  ).toEqual(['s', 't']);
});

it('Elastic: a malformed action is named by its line', () => {
  expect(() =>
    readBulk(hasher, Buffer.from('{"create":{"_index":"i"}}\n{"message":"x"}\n{"make":{}}\n{}\n'), null),
  ).toThrow(/line \[3\]/);
  expect(() => readBulk(hasher, Buffer.from('{"create":{"_index":"i"}}\n'), null)).toThrow(/missing/);
});
