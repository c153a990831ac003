import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLake, type TestLake } from '../testing/embedded';

const dataDir = mkdtempSync(path.join(tmpdir(), 'sealtrail lake '));
const password = 'a/b:c@d';
/** Errors are what these tests provoke. */
const log = { level: ClickHouseLogLevel.OFF };
let lake: TestLake;
let client: ClickHouseClient;

beforeAll(async () => {
  chmodSync(dataDir, 0o700);
  lake = await startLake(dataDir, password, 0);
  client = createClient({ url: lake.url, log });
  await client.command({
    query: 'CREATE TABLE events (ordinal UInt32, tool String, at DateTime64(3)) ENGINE = MergeTree ORDER BY ordinal',
  });
});

afterAll(async () => {
  await client.close();
  await lake.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function rows<T>(query: string, params: Record<string, unknown> = {}): Promise<T[]> {
  return (await client.query({ query, query_params: params, format: 'JSONEachRow' })).json<T>();
}

describe('as @clickhouse/client sees it', () => {
  it('answers pings of both kinds', async () => {
    expect(await client.ping()).toMatchObject({ success: true });
    expect(await client.ping({ select: true })).toMatchObject({ success: true });
  });

  it.each([
    `SELECT * FROM file('/etc/passwd', 'LineAsString')`,
    `SELECT file('/etc/passwd')`,
    `SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')`,
    `SELECT * FROM remote('127.0.0.1:1', system.one)`,
    `SELECT * FROM executable('id', 'TSV', 'a String')`,
    `INSERT INTO FUNCTION file('/tmp/sealtrail-escape.csv', 'CSV', 'a String') SELECT 'x'`,
    `CREATE TABLE escaped (a String) ENGINE = File(CSV, '/tmp/sealtrail-escape.csv')`,
    `SELECT 1 INTO OUTFILE '/tmp/sealtrail-escape.txt'`,
    `INSERT INTO events SELECT 1, name, now() FROM \`file\`('/etc/passwd', 'CSV', 'name String')`,
  ])('reads and writes nothing outside the lake: %s', async (query) => {
    await expect(client.command({ query })).rejects.toMatchObject({ code: '497' });
  });

  it('inserts 100,000 rows and counts them in the summary', async () => {
    const values = Array.from({ length: 100_000 }, (_, ordinal) => ({
      ordinal,
      tool: `tool-${ordinal % 7}`,
      at: '2026-01-01 00:00:00.123',
    }));
    const { summary } = await client.insert({ table: 'events', values, format: 'JSONEachRow' });
    expect(summary?.written_rows).toBe('100000');
    expect(await rows('SELECT count() AS n FROM events')).toEqual([{ n: 100_000 }]);
  });

  it('inserts a stream, settings and columns given', async () => {
    await client.insert({
      table: 'events',
      columns: ['ordinal', 'at'],
      values: Readable.from([{ ordinal: 200_000, at: '2026-01-01T00:00:00.123Z', extra: 1 }]),
      format: 'JSONEachRow',
      clickhouse_settings: { date_time_input_format: 'best_effort', input_format_skip_unknown_fields: 1 },
    });
    expect(await rows('SELECT tool FROM events WHERE ordinal = 200000')).toEqual([{ tool: '' }]);
  });

  it('forgets the settings of one call before the next', async () => {
    const insert = client.insert({
      table: 'events',
      values: [{ ordinal: 1, at: '2026-01-01T00:00:00.123Z' }],
      format: 'JSONEachRow',
      clickhouse_settings: { date_time_input_format: 'basic' },
    });
    await expect(insert).rejects.toMatchObject({ code: '27' });
  });

  it('binds parameters of every shape as a server does', async () => {
    const params = {
      text: "it's \\ a\ttab\nand 日本",
      list: ["it's", 'b\\c', 't\tb'],
      none: null,
      count: 2n ** 60n,
      yes: true,
    };
    const found = await rows(
      'SELECT {text:String} AS text, {list:Array(String)} AS list, {none:Nullable(String)} AS none, toString({count:UInt64}) AS count, {yes:Bool} AS yes',
      params,
    );
    expect(found).toEqual([{ ...params, count: String(params.count) }]);
  });

  it('takes parameters too long for a URL as a form', async () => {
    const list = Array.from({ length: 20_000 }, (_, index) => `value ${index}`);
    const result = await client.query({
      query: 'SELECT length({list:Array(String)}) AS n',
      query_params: { list },
      format: 'JSONEachRow',
      use_multipart_params: true,
    });
    expect(await result.json()).toEqual([{ n: 20_000 }]);
  });

  it('keeps parameters of calls side by side apart', async () => {
    const calls = Array.from({ length: 200 }, (_, index) => rows('SELECT {x:String} AS x', { x: `value-${index}` }));
    expect((await Promise.all(calls)).flat()).toEqual(
      Array.from({ length: 200 }, (_, index) => ({ x: `value-${index}` })),
    );
  });

  it('refuses a placeholder that was only given to an earlier call', async () => {
    await Promise.all(Array.from({ length: 20 }, () => rows('SELECT {stale:String} AS x', { stale: 'a' })));
    await expect(rows('SELECT {stale:String} AS x')).rejects.toMatchObject({ code: '456' });
  });

  it('streams a million rows in order', async () => {
    const result = await client.query({ query: 'SELECT number FROM numbers(1000000)', format: 'JSONEachRow' });
    let next = 0;
    for await (const batch of result.stream<{ number: number }>()) {
      for (const row of batch) {
        if (row.json().number !== next) throw new Error(`row ${next} is out of order`);
        next += 1;
      }
    }
    expect(next).toBe(1_000_000);
  });

  it('answers whole formats whole, beyond one block', async () => {
    const result = await client.query({ query: 'SELECT number FROM numbers(200000)', format: 'JSON' });
    expect((await result.json<{ number: number }>()).rows).toBe(200_000);
  });

  it('compresses both ways', async () => {
    const zipped = createClient({ url: lake.url, log, compression: { request: true, response: true } });
    await zipped.insert({ table: 'events', values: [{ ordinal: 300_000, tool: 'zipped' }], format: 'JSONEachRow' });
    const result = await zipped.query({
      query: 'SELECT tool FROM events WHERE ordinal = 300000',
      format: 'JSONEachRow',
    });
    expect(await result.json()).toEqual([{ tool: 'zipped' }]);
    await zipped.close();
  });
});

describe('errors', () => {
  it.each([
    ['SELECT nope', '47', 'UNKNOWN_IDENTIFIER'],
    ['SELEC 1', '62', 'SYNTAX_ERROR'],
    ['SELECT * FROM nowhere', '60', 'UNKNOWN_TABLE'],
    ['SELECT {absent:String}', '456', 'UNKNOWN_QUERY_PARAMETER'],
  ])('%s is code %s', async (query, code, type) => {
    await expect(client.query({ query, format: 'JSONEachRow' })).rejects.toMatchObject({ code, type });
  });

  it('names an unknown setting and goes on working', async () => {
    const requested = client.query({
      query: 'SELECT 1',
      format: 'JSONEachRow',
      clickhouse_settings: { no_such_setting: '1' },
    });
    await expect(requested).rejects.toMatchObject({ code: '115' });
    expect(await rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('tells a failure after the first rows were sent', async () => {
    const result = await client.query({
      query: 'SELECT number, throwIf(number = 900000) FROM numbers(1000000)',
      format: 'JSONEachRow',
      clickhouse_settings: { max_threads: 1 },
    });
    await expect(async () => {
      for await (const batch of result.stream()) void batch.length;
    }).rejects.toMatchObject({ code: '395' });
  });

  it('inserts nothing of a body with a wrong row', async () => {
    const values = [{ ordinal: 900_001 }, { ordinal: 'not a number' }];
    await expect(client.insert({ table: 'events', values, format: 'JSONEachRow' })).rejects.toThrow(/Cannot parse/);
    expect(await rows('SELECT count() AS n FROM events WHERE ordinal = 900001')).toEqual([{ n: 0 }]);
  });

  it('turns away a wrong password and a missing one', async () => {
    const stranger = createClient({
      url: `http://127.0.0.1:${lake.port}`,
      username: 'sealtrail',
      password: 'wrong',
      log,
    });
    await expect(stranger.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '516' });
    await stranger.close();
    expect((await fetch(`http://127.0.0.1:${lake.port}/?query=SELECT%201`)).status).toBe(401);
  });

  it('lets GET read but not write', async () => {
    const address = `http://127.0.0.1:${lake.port}/?user=sealtrail&password=${encodeURIComponent(password)}&query=`;
    expect(await (await fetch(`${address}SELECT%201`)).text()).toBe('1\n');
    const refused = await fetch(`${address}${encodeURIComponent('DROP TABLE events')}`);
    expect([refused.status, refused.headers.get('x-clickhouse-exception-code')]).toEqual([400, '164']);
  });
});

it.each([0, 1, 2, 3, 5, 8, 12, 20, 40, 300])(
  'ends a query in the engine when its client goes away after %i ms',
  async (afterMs) => {
    const leaving = new AbortController();
    const slow = client.query({
      query: 'SELECT sum(sipHash64(number)) FROM numbers(100000000000)',
      format: 'JSONEachRow',
      abort_signal: leaving.signal,
    });
    setTimeout(() => leaving.abort(), afterMs);
    await expect(slow).rejects.toThrow();
    // It may be begun a moment after its client left.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await expect
      .poll(
        () =>
          rows(
            "SELECT count() AS n FROM system.processes WHERE query LIKE '%sipHash64%' AND query NOT LIKE '%processes%'",
          ),
        { timeout: 10_000 },
      )
      .toEqual([{ n: 0 }]);
  },
);

it('takes blocks of columns, leaves nothing of them beside the table, and says of a disk that is not there that it is the disk', async () => {
  // One column `ordinal` of type UInt32 with the rows 7 and 8.
  const block = Buffer.concat([Buffer.from('\x01\x02\x07ordinal\x06UInt32'), Buffer.from([7, 0, 0, 0, 8, 0, 0, 0])]);
  const insert = () =>
    client.exec({
      query: 'INSERT INTO blocks (ordinal) FORMAT Native',
      values: Readable.from([block], { objectMode: false }),
    });
  await client.command({ query: 'CREATE TABLE blocks (ordinal UInt32) ENGINE = MergeTree ORDER BY ordinal' });
  (await insert()).stream.resume();
  expect(await rows('SELECT ordinal FROM blocks ORDER BY ordinal')).toEqual([{ ordinal: 7 }, { ordinal: 8 }]);
  const incoming = path.join(dataDir, 'clickhouse-incoming');
  expect(readdirSync(incoming)).toEqual([]);
  rmSync(incoming, { recursive: true });
  await expect(insert()).rejects.toMatchObject({ code: '243' });
  mkdirSync(incoming, { mode: 0o700 });
});

it('drops a body that breaks off', async () => {
  const target = `/?database=sealtrail&query=${encodeURIComponent('INSERT INTO events FORMAT JSONEachRow')}`;
  const broken = request({
    host: '127.0.0.1',
    port: lake.port,
    path: target,
    method: 'POST',
    auth: `sealtrail:${password}`,
    headers: { 'content-encoding': 'gzip' },
  });
  broken.on('error', () => undefined);
  broken.write(gzipSync('{"ordinal":900002}\n'.repeat(1000)).subarray(0, 40));
  await new Promise((resolve) => setTimeout(resolve, 200));
  broken.destroy();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await rows('SELECT count() AS n FROM events WHERE ordinal = 900002')).toEqual([{ n: 0 }]);
});

it('opens again after kill -9 with what was inserted', async () => {
  const before = await rows('SELECT count() AS n FROM events');
  await lake.stop('SIGKILL');
  lake = await startLake(dataDir, password, lake.port);
  expect(await rows('SELECT count() AS n FROM events')).toEqual(before);
});
