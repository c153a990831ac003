import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { Client } from '@elastic/elasticsearch';
import { OTLPLogExporter as OtlpJson } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as OtlpProtobuf } from '@opentelemetry/exporter-logs-otlp-proto';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { expect, test } from '@playwright/test';
import pinoLoki from 'pino-loki';
import { compress } from 'snappyjs';
import { Logger as SplunkLogger } from 'splunk-logging';
import * as tus from 'tus-js-client';
import * as z from 'zod';
import { installation, sealtrail } from './installation';
import { ROOT } from './launch';

const LOG = readFileSync(path.join(ROOT, 'lib/core/formats/occasio/fixtures/valid.jsonl'));
const LINES = LOG.toString('utf8').trimEnd().split('\n');
const TAMPERED = readFileSync(path.join(ROOT, 'lib/core/formats/occasio/fixtures/tampered.jsonl'), 'utf8')
  .trimEnd()
  .split('\n');

let token: string;
let bearer: Record<string, string>;
test.beforeAll(async () => {
  token = await sealtrail('token', 'create', '--scopes', 'ingest,read', '--name', 'shippers');
  bearer = { Authorization: `Bearer ${token}` };
});

const Listed = z.object({
  items: z.array(z.object({ id: z.string(), name: z.string(), verdict: z.string(), records: z.number() })),
});

async function chainOf(name: string): Promise<{ verdict: string; records: number; bytes: Buffer }> {
  const listed = Listed.parse(
    await (
      await fetch(`${installation().url}/api/v1/chains?q=${encodeURIComponent(name)}`, { headers: bearer })
    ).json(),
  );
  const chain = listed.items.find((item) => item.name === name);
  if (!chain) return { verdict: 'none', records: 0, bytes: Buffer.alloc(0) };
  const bytes = await fetch(`${installation().url}/api/v1/chains/${chain.id}/bytes`, { headers: bearer });
  return { verdict: chain.verdict, records: chain.records, bytes: Buffer.from(await bytes.arrayBuffer()) };
}

/** The chain is the log, byte for byte, and holds. */
async function expectWhole(name: string): Promise<void> {
  const { verdict, bytes } = await chainOf(name);
  expect(bytes.equals(LOG), `${name} holds ${bytes.length} of ${LOG.length} bytes`).toBe(true);
  expect(verdict).toBe('verified');
}

function post(where: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${installation().url}${where}`, {
    method: 'POST',
    headers: { ...bearer, ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
}

const into = (name: string) => `/api/v1/ingest/${encodeURIComponent(name)}`;

test('Vector: raw lines in gzip, zstd and snappy', async () => {
  const plain = { 'Content-Type': 'text/plain', 'User-Agent': 'Vector/0.50.0 (x86_64-unknown-linux-gnu)' };
  for (const [encoding, body] of [
    ['gzip', gzipSync(LOG)],
    ['zstd', zstdCompressSync(LOG)],
    ['snappy', compress(LOG)],
  ] as const) {
    const response = await post(into(`vector raw ${encoding}`), body, { ...plain, 'Content-Encoding': encoding });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      accepted: LINES.length,
      duplicates: 0,
      verdict: 'verified',
      notes: [],
    });
    await expectWhole(`vector raw ${encoding}`);
  }
});

test('Vector: an array of events holds the line in "message"; without a newline at the end', async () => {
  const events = LINES.map((message) => ({
    file: '/var/log/agent/audit.jsonl',
    host: 'build-7',
    message,
    source_type: 'file',
    timestamp: '2026-05-11T08:00:00.000Z',
  }));
  expect((await post(into('vector json'), JSON.stringify(events), { 'Content-Type': 'application/json' })).status).toBe(
    200,
  );
  await expectWhole('vector json');
  const lines = events.map((event) => JSON.stringify(event)).join('\n');
  expect((await post(into('vector ndjson'), lines, { 'Content-Type': 'application/x-ndjson' })).status).toBe(200);
  await expectWhole('vector ndjson');
});

test('Vector: records it parsed and wrote anew are taken, and the setting that keeps them is named', async () => {
  const events = LINES.slice(0, 3).map((line) => ({
    ...Object.fromEntries(Object.entries(JSON.parse(line)).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    source_type: 'file',
    timestamp: '2026-05-11T08:00:00.000Z',
  }));
  const response = await post(into('vector parsed'), JSON.stringify(events), { 'Content-Type': 'application/json' });
  const answer = await response.json();
  expect(answer.notes).toEqual([
    expect.stringMatching(/3 records were re-serialised by shipper \(Vector\).*raw_message/),
  ]);
  expect(answer.verdict).toBe('tampered'); // the content can no longer be proven, and nobody says otherwise
  await post(into('vector parsed'), JSON.stringify(events), { 'Content-Type': 'application/json' });
  expect((await chainOf('vector parsed')).bytes.toString()).toBe(
    `${events.map((event) => JSON.stringify(event)).join('\n')}\n`,
  );
});

test('the page of a chain that a shipper writes anew says which does, and what to set', async ({ page }) => {
  const [line = ''] = LINES;
  const { chainId } = z.object({ chainId: z.string() }).parse(
    await (
      await post(into('page of anew'), `[${line.replace('{', '{ ')}]`, {
        'Content-Type': 'application/json',
        'User-Agent': 'Vector/0.50.0',
      })
    ).json(),
  );
  for (const tab of ['problems', 'connect']) {
    await page.goto(`/chains/${chainId}?tab=${tab}`);
    await expect(page.getByRole('region', { name: 'Re-serialised on the way' })).toContainText(
      /1 record was re-serialised by shipper \(Vector\).*raw_message/,
    );
  }
});

test('what a shipper only spaced anew is a warning', async () => {
  const spaced = LINES.slice(0, 5).map((line) => line.replaceAll('":', '": '));
  const events = `[${spaced.join(',')}]`;
  const answer = await (
    await post(into('spaced anew'), events, { 'Content-Type': 'application/json', 'User-Agent': 'Fluent-Bit' })
  ).json();
  expect(answer).toMatchObject({
    verdict: 'verified-with-warnings',
    notes: [expect.stringContaining('re-serialised by shipper (Fluent Bit)')],
  });
});

test('a record that was tampered with in a wrapper is tampered, and nobody blames the shipper', async () => {
  const body = JSON.stringify(TAMPERED.map((log, at) => ({ date: 1_778_486_400 + at, log })));
  expect(
    await (
      await post(into('tampered in a wrapper'), body, {
        'Content-Type': 'application/json',
        'User-Agent': 'Fluent-Bit',
      })
    ).json(),
  ).toMatchObject({ verdict: 'tampered', notes: [] });
});

test('Fluent Bit: json, json_lines and json_stream', async () => {
  const events = LINES.map((log, at) => JSON.stringify({ date: 1_778_486_400.5 + at, log }));
  const basic = {
    Authorization: `Basic ${Buffer.from(`fluent:${token}`).toString('base64')}`,
    'User-Agent': 'Fluent-Bit',
  };
  const shapes = [
    ['json', `[${events.join(',')}]`, 'application/json'],
    ['json_lines', `${events.join('\n')}\n`, 'application/x-ndjson'],
    ['json_stream', events.join(''), 'application/json'],
  ] as const;
  for (const [format, body, type] of shapes) {
    expect((await post(into(`fluent ${format}`), body, { 'Content-Type': type, ...basic })).status).toBe(200);
    await expectWhole(`fluent ${format}`);
  }
});

test('curl: the log itself', async () => {
  await promisify(execFile)('curl', [
    '-sSf',
    '--data-binary',
    `@${path.join(ROOT, 'lib/core/formats/occasio/fixtures/valid.jsonl')}`,
    '-H',
    `Authorization: Bearer ${token}`,
    `${installation().url}${into('curl')}`,
  ]);
  await expectWhole('curl');
});

test('deliveries that come again count once, and those that overtake others wait for them', async () => {
  const part = (from: number, to: number) => `${LINES.slice(from, to).join('\n')}\n`;
  const plain = { 'Content-Type': 'text/plain' };
  await post(into('overtaking'), part(0, 50), plain);
  const third = post(into('overtaking'), part(120, 228), plain);
  await sleep(200);
  const second = await post(into('overtaking'), part(50, 120), plain);
  expect([second.status, (await third).status]).toEqual([200, 200]);
  expect(await (await post(into('overtaking'), part(50, 228), plain)).json()).toMatchObject({
    accepted: 0,
    duplicates: 178,
  });
  await expectWhole('overtaking');
});

test('deliveries that overtake the first one of a chain wait for it', async () => {
  const plain = { 'Content-Type': 'text/plain' };
  const later = post(into('begun late'), `${LINES.slice(60).join('\n')}\n`, plain);
  await sleep(200);
  const first = await post(into('begun late'), `${LINES.slice(0, 60).join('\n')}\n`, plain);
  expect([first.status, (await later).status]).toEqual([200, 200]);
  await expectWhole('begun late');
});

test('what has no predecessor yet is to be sent again, and nothing of it is kept', async () => {
  await post(into('too early'), `${LINES[0]}\n`, { 'Content-Type': 'text/plain' });
  const early = `${LINES.slice(9).join('\n')}\n`;
  const answer = await post(into('too early'), early, { 'Content-Type': 'text/plain' });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '5']);
  const otlp = {
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'sealtrail.chain', value: { stringValue: 'too early' } }] },
        scopeLogs: [{ logRecords: [{ body: { stringValue: LINES[9] } }] }],
      },
    ],
  };
  expect((await post('/v1/logs', JSON.stringify(otlp), { 'Content-Type': 'application/json' })).status).toBe(429);
  const hec = await post('/services/collector', JSON.stringify({ source: 'too early', event: LINES[9] }), {
    Authorization: `Splunk ${token}`,
  });
  expect([hec.status, await hec.json()]).toEqual([503, { text: 'Server is busy', code: 9 }]);
  const loki = await post(
    '/loki/api/v1/push',
    JSON.stringify({ streams: [{ stream: { job: 'too early' }, values: [['1778486400000000000', LINES[9]]] }] }),
    { 'Content-Type': 'application/json' },
  );
  expect(loki.status).toBe(429);
  const bulk = await post(
    '/too%20early/_bulk',
    `{"create":{}}\n${LINES[9]}\n{"create":{"_index":"another"}}\n${LINES[0]}\n`,
    { 'Content-Type': 'application/x-ndjson' },
  );
  expect(await bulk.json()).toMatchObject({
    errors: true,
    items: [{ create: { status: 429 } }, { create: { status: 201 } }],
  });
  expect((await chainOf('too early')).records).toBe(1);
});

for (const [kind, Exporter] of [
  ['JSON', OtlpJson],
  ['protobuf', OtlpProtobuf],
] as const) {
  test(`OpenTelemetry: the exporter for ${kind}`, async () => {
    const exporter = new Exporter({ url: `${installation().url}/v1/logs`, headers: bearer, timeoutMillis: 30_000 });
    const provider = new LoggerProvider({
      processors: [new BatchLogRecordProcessor(exporter, { maxExportBatchSize: 512, maxQueueSize: 1000 })],
    });
    const logger = provider.getLogger('tail');
    for (const part of [LINES.slice(0, 100), LINES.slice(100)]) {
      for (const body of part) logger.emit({ body, attributes: { 'sealtrail.chain': `otlp ${kind}` } });
      await provider.forceFlush();
    }
    await provider.shutdown();
    await expectWhole(`otlp ${kind}`);
  });
}

test('OpenTelemetry: what can never be taken is a partial success, and a parsed body is named', async () => {
  const record = (body: unknown) => ({
    body,
    attributes: [{ key: 'log.file.name', value: { stringValue: 'otlp partial' } }],
  });
  const send = async (logRecords: unknown[]) =>
    (
      await post('/v1/logs', JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }), {
        'Content-Type': 'application/json',
      })
    ).json();
  const noBody = await send([
    record({ stringValue: LINES[0] }),
    record(undefined),
    { body: { stringValue: LINES[1] } },
  ]);
  expect(noBody).toEqual({
    partialSuccess: {
      rejectedLogRecords: '2',
      errorMessage: expect.stringMatching(/without a body.*sealtrail\.chain/),
    },
  });
  const members = Object.entries(z.record(z.string(), z.unknown()).parse(JSON.parse(LINES[1] ?? ''))).filter(
    ([, value]) => typeof value === 'string',
  );
  const parsed = await send([
    record({ kvlistValue: { values: members.map(([key, value]) => ({ key, value: { stringValue: value } })) } }),
  ]);
  expect(parsed).toEqual({
    partialSuccess: {
      rejectedLogRecords: '0',
      errorMessage: expect.stringContaining('re-serialised by shipper (the OpenTelemetry pipeline)'),
    },
  });
  const damaged = await post('/v1/logs', Buffer.from([0x0a, 0xff]), { 'Content-Type': 'application/x-protobuf' });
  expect([damaged.status, damaged.headers.get('content-type')]).toEqual([400, 'application/x-protobuf']);
});

test('Splunk: the official client, batched', async () => {
  const logger = new SplunkLogger({ token, url: installation().url, maxBatchCount: 0, maxRetries: 0 });
  logger.eventFormatter = (message) => message;
  for (const message of LINES) logger.send({ message, metadata: { source: 'splunk client' } });
  const answer = await new Promise((resolve, reject) =>
    logger.flush((error, _response, body) => (error ? reject(error) : resolve(body))),
  );
  expect(answer).toEqual({ text: 'Success', code: 0 });
  await expectWhole('splunk client');
});

test('Splunk: raw lines, acknowledgement, health, and the words of its errors', async () => {
  const splunk = { Authorization: `Splunk ${token}` };
  const raw = await post('/services/collector/raw/1.0?source=splunk%20raw', LOG, {
    ...splunk,
    'X-Splunk-Request-Channel': '0f0e0d0c-0000-4000-8000-000000000001',
  });
  const { ackId } = z.object({ code: z.literal(0), ackId: z.number().int() }).parse(await raw.json());
  await expectWhole('splunk raw');
  const acks = await post(
    '/services/collector/ack?channel=0f0e0d0c-0000-4000-8000-000000000001',
    JSON.stringify({ acks: [ackId, ackId + 1e12] }),
    splunk,
  );
  expect(await acks.json()).toEqual({ acks: { [ackId]: true, [ackId + 1e12]: false } });
  const health = await fetch(`${installation().url}/services/collector/health/1.0`);
  expect([health.status, await health.json()]).toEqual([200, { text: 'HEC is healthy', code: 17 }]);

  const said = async (body: string, headers: Record<string, string>, where = '/services/collector/event') => {
    const response = await fetch(`${installation().url}${where}`, { method: 'POST', headers, body });
    return [response.status, z.object({ code: z.number() }).parse(await response.json()).code];
  };
  expect(await said('{"event":"x"}', {})).toEqual([401, 2]);
  expect(await said('{"event":"x"}', { Authorization: 'Digest x' })).toEqual([401, 3]);
  expect(await said('{"event":"x"}', { Authorization: 'Splunk st_unknown' })).toEqual([403, 4]);
  expect(await said('', splunk)).toEqual([400, 5]);
  expect(await said('{"event":', splunk)).toEqual([400, 6]);
  expect(await said('{"source":"s"}', splunk)).toEqual([400, 12]);
  expect(await said('{"source":"s","event":""}', splunk)).toEqual([400, 13]);
  expect(await said('{"event":"x"}', {}, `/services/collector?token=${token}`)).toEqual([400, 16]);
  expect(await said('{"acks":[1]}', splunk, '/services/collector/ack')).toEqual([400, 10]);
});

test('Loki: a pino logger that ships lines', async () => {
  const stream = pinoLoki({
    host: installation().url,
    basicAuth: { username: 'loki', password: token },
    labels: { sealtrail_chain: 'pino loki' },
    batching: { interval: 1 },
  });
  LINES.forEach((msg, at) => stream.write(`${JSON.stringify({ level: 30, time: 1_778_486_400_000 + at, msg })}\n`));
  stream.end();
  await expect.poll(async () => (await chainOf('pino loki')).records).toBe(LINES.length);
  await expectWhole('pino loki');
});

test('Loki: lines are kept by their time, also from protobuf; a number is no time', async () => {
  const values = LINES.map((line, at) => [`${1_778_486_400_000 + at}000000`, line] as const);
  const json = await post(
    '/loki/api/v1/push',
    JSON.stringify({ streams: [{ stream: { filename: 'loki json' }, values: values.toReversed() }] }),
    { 'Content-Type': 'application/json' },
  );
  expect(json.status).toBe(204);
  await expectWhole('loki json');
  const push = field(1, [
    field(1, '{job="loki protobuf", env="a\\"b"}'),
    ...LINES.map((line, at) => field(2, [field(1, [varint(1, 1_778_486_400 + at)]), field(2, line)])),
  ]);
  expect((await post('/loki/api/v1/push', compress(push), { 'Content-Type': 'application/x-protobuf' })).status).toBe(
    204,
  );
  await expectWhole('loki protobuf');
  const wrong = await post(
    '/loki/api/v1/push',
    JSON.stringify({ streams: [{ stream: { job: 'x' }, values: [[1_778_486_400, 'x']] }] }),
    { 'Content-Type': 'application/json' },
  );
  expect(wrong.status).toBe(400);
});

test('Elastic: the official client and its bulk helper', async () => {
  const client = new Client({ node: installation().url, auth: { apiKey: token } });
  expect((await client.info()).tagline).toBe('You Know, for Search');
  expect(await client.ping()).toBe(true);
  const done = await client.helpers.bulk({
    datasource: LINES.map((message) => ({ message, '@timestamp': '2026-05-11T08:00:00Z' })),
    onDocument: () => ({ create: { _index: 'elastic-bulk' } }),
    concurrency: 1,
  });
  expect(done).toMatchObject({ total: LINES.length, successful: LINES.length, failed: 0 });
  await client.close();
  await expectWhole('elastic-bulk');
});

test('Elastic: each item has its own answer', async () => {
  const body = [
    '{"index":{"_index":"elastic items","_id":"a"}}',
    LINES[0],
    '{"delete":{"_index":"elastic items","_id":"a"}}',
    '{"update":{"_index":"elastic items","_id":"a"}}',
    '{"doc":{}}',
    '{"create":{"_index":"no such format"}}',
    '{"x":1}',
    '',
  ].join('\n');
  const response = await post('/_bulk', body, {
    'Content-Type': 'application/x-ndjson',
    Authorization: `ApiKey ${Buffer.from(`id:${token}`).toString('base64')}`,
  });
  expect(response.headers.get('x-elastic-product')).toBe('Elasticsearch');
  expect(await response.json()).toMatchObject({
    errors: true,
    items: [
      { index: { _id: 'a', status: 201, result: 'created' } },
      { delete: { status: 400 } },
      { update: { status: 400 } },
      { create: { status: 400, error: { reason: expect.stringContaining('none of the formats') } } },
    ],
  });
  const refused = await post('/_bulk', body, { Authorization: 'ApiKey nonsense' });
  expect([refused.status, await refused.json()]).toMatchObject([
    401,
    { error: { type: 'security_exception' }, status: 401 },
  ]);
});

test('Elastic: what Beats and Logstash ask before they send is answered, with the token and not without', async () => {
  const client = new Client({ node: installation().url, auth: { apiKey: token } });
  expect(await client.license.get()).toMatchObject({ license: { status: 'active', type: 'basic' } });
  expect((await client.cluster.health()).status).toBe('green');
  expect(await client.indices.existsIndexTemplate({ name: 'filebeat-8.19.0' })).toBe(true);
  expect(await client.ilm.putLifecycle({ name: 'filebeat', policy: { phases: {} } })).toMatchObject({
    acknowledged: true,
  });
  await client.close();
  for (const requested of [
    '/_xpack',
    '/_nodes/http',
    '/_cat/indices',
    '/_ilm/policy/filebeat',
    '/_index_template/filebeat',
  ]) {
    expect((await fetch(`${installation().url}${requested}`, { headers: bearer })).status, requested).toBe(200);
    expect((await fetch(`${installation().url}${requested}`)).status, requested).toBe(401);
  }
  const ready = await fetch(`${installation().url}/ready`);
  expect([ready.status, await ready.text()]).toEqual([200, 'ready\n']);
});

test("Docker's splunk driver: its question, and its event around a line", async () => {
  const event = '/services/collector/event/1.0';
  expect(
    (await fetch(`${installation().url}${event}`, { method: 'OPTIONS', headers: { Authorization: `Splunk ${token}` } }))
      .status,
  ).toBe(200);
  const body = LINES.map((line) =>
    JSON.stringify({
      time: '1780272000.000000',
      host: 'build-7',
      source: 'docker splunk',
      event: { line, source: 'stdout', tag: 'f2c1d9a0b1c2' },
    }),
  ).join('');
  expect(
    (await post(event, gzipSync(body), { Authorization: `Splunk ${token}`, 'Content-Encoding': 'gzip' })).status,
  ).toBe(200);
  await expectWhole('docker splunk');
  const banner = await post(
    event,
    JSON.stringify({
      source: 'docker splunk',
      event: { line: 'Server started on port 8080', source: 'stdout', tag: 'f2c1d9a0b1c2' },
    }),
    { Authorization: `Splunk ${token}` },
  );
  expect([banner.status, await banner.json()]).toEqual([
    400,
    { text: expect.stringContaining('no record of a guardrail'), code: 6, 'invalid-event-number': 0 },
  ]);
  await expectWhole('docker splunk');
});

test('OpenTelemetry: framed snappy and zlib are read, other encodings answered with the list', async () => {
  const body = (name: string) =>
    Buffer.from(
      JSON.stringify({
        resourceLogs: [
          {
            resource: { attributes: [{ key: 'sealtrail.chain', value: { stringValue: name } }] },
            scopeLogs: [{ logRecords: LINES.map((line) => ({ body: { stringValue: line } })) }],
          },
        ],
      }),
    );
  for (const [encoding, pack] of [
    ['snappy', framed],
    ['x-snappy-framed', framed],
    ['zlib', deflateSync],
    ['deflate', deflateSync],
  ] as const) {
    const response = await post('/v1/logs', pack(body(`otlp ${encoding}`)), {
      'Content-Type': 'application/json',
      'Content-Encoding': encoding,
    });
    expect([response.status, await response.json()], encoding).toEqual([200, {}]);
    await expectWhole(`otlp ${encoding}`);
  }
  const unknown = await post('/v1/logs', body('otlp br'), {
    'Content-Type': 'application/json',
    'Content-Encoding': 'br',
  });
  expect(unknown.status).toBe(415);
  expect(await unknown.text()).toMatch(/br is not undone here; send .*gzip.*zstd.*snappy/);
});

test('curl -d is refused with what to write instead', async () => {
  const url = `${installation().url}${into('curl form')}`;
  const { stdout } = await promisify(execFile)('curl', [
    '-sS',
    '-d',
    `@${path.join(ROOT, 'lib/core/formats/occasio/fixtures/valid.jsonl')}`,
    '-w',
    '\n%{http_code}',
    '-H',
    `Authorization: Bearer ${token}`,
    url,
  ]);
  expect(stdout).toMatch(/--data-binary[^]*\n415$/);
  expect((await chainOf('curl form')).verdict).toBe('none');
});

test('tus-js-client: the first bytes with the creation, and PATCH said in a header', async () => {
  for (const options of [
    { uploadDataDuringCreation: true },
    { overridePatchMethod: true },
    { uploadDataDuringCreation: true, overridePatchMethod: true, chunkSize: 20_000 },
  ]) {
    const name = `tus ${Object.keys(options).join(' ')}.jsonl`;
    await new Promise<void>((resolve, reject) => {
      new tus.Upload(LOG, {
        endpoint: `${installation().url}/api/v1/resumable`,
        headers: bearer,
        metadata: { filename: name },
        retryDelays: null,
        onError: reject,
        onSuccess: () => resolve(),
        ...options,
      }).start();
    });
    await expect.poll(async () => (await chainOf(name)).verdict, { timeout: 90_000 }).toBe('verified');
    await expectWhole(name);
  }
});

test('a sealed chain is refused in the words of each protocol', async () => {
  const { chainId } = z
    .object({ chainId: z.string() })
    .parse(await (await post(into('sealed early'), `${LINES[0]}\n`, { 'Content-Type': 'text/plain' })).json());
  expect((await post(`/api/v1/chains/${chainId}/seal`, '')).status).toBe(200);
  expect((await post(into('sealed early'), `${LINES[1]}\n`, { 'Content-Type': 'text/plain' })).status).toBe(409);
  const otlp = await post(
    '/v1/logs',
    JSON.stringify({
      resourceLogs: [
        {
          scopeLogs: [
            {
              logRecords: [
                {
                  body: { stringValue: LINES[1] },
                  attributes: [{ key: 'sealtrail.chain', value: { stringValue: 'sealed early' } }],
                },
              ],
            },
          ],
        },
      ],
    }),
    { 'Content-Type': 'application/json' },
  );
  expect([otlp.status, await otlp.json()]).toMatchObject([200, { partialSuccess: { rejectedLogRecords: '1' } }]);
  expect(
    (
      await post('/services/collector', JSON.stringify({ source: 'sealed early', event: LINES[1] }), {
        Authorization: `Splunk ${token}`,
      })
    ).status,
  ).toBe(400);
  expect(
    (
      await post(
        '/loki/api/v1/push',
        JSON.stringify({ streams: [{ stream: { job: 'sealed early' }, values: [['1', LINES[1]]] }] }),
        { 'Content-Type': 'application/json' },
      )
    ).status,
  ).toBe(400);
});

test('the Connect tab fills a new token in, and what it shows can be run as it stands', async ({ page }) => {
  const { chainId } = z
    .object({ chainId: z.string() })
    .parse(
      await (
        await post(into("it's connected"), `${LINES.slice(0, 20).join('\n')}\n`, { 'Content-Type': 'text/plain' })
      ).json(),
    );
  // Where no name needs quoting: this checkout may lie anywhere.
  const log = path.join(mkdtempSync(path.join(tmpdir(), 'sealtrail-connect-')), 'audit.jsonl');
  copyFileSync(path.join(ROOT, 'lib/core/formats/occasio/fixtures/valid.jsonl'), log);
  await page.goto(`/chains/${chainId}?tab=connect`);
  await page.getByRole('button', { name: 'Make a token' }).click();
  await expect(page.getByText('it is not shown again')).toBeVisible();
  const shown = async (name: string) => {
    await page.getByRole('tab', { name, exact: true }).click();
    const text = await page.getByRole('tabpanel', { name, exact: true }).getByLabel('Command').innerText();
    expect(text).toMatch(/st_\w{20}/);
    expect(text).not.toContain('YOUR_TOKEN');
    return text.replaceAll('/var/log/agent/audit.jsonl', log);
  };
  for (const name of ['Vector', 'Fluent Bit', 'OpenTelemetry', 'Loki']) await shown(name);
  const run = promisify(execFile);
  await run('sh', ['-c', await shown('curl')]);
  await expectWhole("it's connected");
  expect(JSON.parse((await run('sh', ['-c', await shown('Splunk HEC')])).stdout)).toEqual({ text: 'Success', code: 0 });
  const script = test.info().outputPath('send.mjs');
  mkdirSync(path.dirname(script), { recursive: true });
  writeFileSync(script, await shown('Elastic'));
  expect((await run(process.execPath, [script], { env: { ...process.env, FORCE_COLOR: '0' } })).stdout).toMatch(
    /successful: 228/,
  );
  await expectWhole("it's connected");
});

/** A protobuf field of text or fields. */
function field(number: number, content: string | Buffer[]): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.concat(content);
  return Buffer.concat([Buffer.from([(number << 3) | 2]), length(bytes.length), bytes]);
}

function varint(number: number, value: number): Buffer {
  return Buffer.concat([Buffer.from([number << 3]), length(value)]);
}

function length(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** The framing format of snappy, as the collector of OpenTelemetry sends it. */
function framed(plain: Buffer): Buffer {
  const chunk = (part: Buffer) => {
    const content = compress(part);
    const head = Buffer.alloc(8);
    head.writeUIntLE(content.length + 4, 1, 3);
    const sum = crc32c(part);
    head.writeUInt32LE((((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0, 4);
    return Buffer.concat([head, content]);
  };
  const parts = Array.from({ length: Math.ceil(plain.length / 65_536) }, (_, at) =>
    plain.subarray(at * 65_536, (at + 1) * 65_536),
  );
  return Buffer.concat([Buffer.from('ff060000734e61507059', 'hex'), ...parts.map(chunk)]);
}

function crc32c(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}
