import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import pinoLoki from 'pino-loki';
import { Logger as SplunkLogger } from 'splunk-logging';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { POST as events } from '@/app/api/v1/ingest/[chain]/route';
import { POST as bulk } from '@/app/elastic/[[...path]]/route';
import { POST as loki } from '@/app/loki/api/v1/push/route';
import { POST as collect } from '@/app/services/collector/[[...rest]]/route';
import { POST as otlp } from '@/app/v1/logs/route';
import { createToken } from '../../access/tokens';
import { testActor, testAdmin } from '../../testing/actor';
import { writers } from '../../testing/chains';
import { type TestInstallation, startInstallation } from '../../testing/installation';

let installation: TestInstallation;
let token: string;
beforeAll(async () => {
  installation = await startInstallation();
  const { ctx } = installation;
  Object.assign(globalThis, { sealtrailContext: Promise.resolve(ctx) });
  await testAdmin(ctx, { name: 'Somebody', email: 'somebody@example.com', password: 'only-for-this-test' });
  token = (await createToken(ctx, { name: 'shipper', scopes: ['ingest'], actor: testActor() })).token;
}, 120_000);
afterAll(() => installation.stop(), 60_000);

type Way = {
  name: string;
  send(chain: string, lines: readonly string[]): Promise<Response>;
  /** What the answer says of one that is left out. */
  says(response: Response): Promise<unknown>;
};
const post = (
  path: string,
  body: string,
  type: string,
  route: (request: Request, segment: { params: Promise<Record<string, string | string[]>> }) => Promise<Response>,
  params: Record<string, string | string[]> = {},
) =>
  route(
    new Request(`http://127.0.0.1${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': type },
      body,
    }),
    { params: Promise.resolve(params) },
  );
const otlpBody = (chain: string, lines: readonly string[]) => ({
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'sealtrail.chain', value: { stringValue: chain } }] },
      scopeLogs: [{ logRecords: lines.map((line) => ({ body: { stringValue: line } })) }],
    },
  ],
});

const SAYS = /no record of a guardrail: left out, and not kept/;

const WAYS: Way[] = [
  {
    name: 'OTLP',
    send: (chain, lines) => post('/v1/logs', JSON.stringify(otlpBody(chain, lines)), 'application/json', otlp),
    says: (response) => response.json(),
  },
  {
    name: 'HEC',
    send: (chain, lines) =>
      post(
        '/services/collector/event',
        lines.map((line) => JSON.stringify({ source: chain, event: line })).join(''),
        'application/json',
        (request, { params }) => collect(request, { params }),
        { rest: ['event'] },
      ),
    says: (response) => response.json(),
  },
  {
    name: 'Loki',
    send: (chain, lines) =>
      post(
        '/loki/api/v1/push',
        JSON.stringify({
          streams: [{ stream: { sealtrail_chain: chain }, values: lines.map((line, at) => [String(at), line]) }],
        }),
        'application/json',
        loki,
      ),
    says: async (response) => response.headers.get('x-sealtrail-note'),
  },
  {
    name: 'Elastic',
    send: (chain, lines) =>
      post(
        '/_bulk',
        lines
          .map((line) => `{"create":{"_index":${JSON.stringify(chain)}}}\n${JSON.stringify({ message: line })}\n`)
          .join(''),
        'application/x-ndjson',
        bulk,
        { path: ['_bulk'] },
      ),
    says: (response) => response.json(),
  },
  {
    name: 'HTTP',
    send: (chain, lines) =>
      post(
        '/api/v1/ingest/x',
        lines.map((line) => JSON.stringify({ message: line })).join('\n'),
        'application/x-ndjson',
        events,
        { chain },
      ),
    says: (response) => response.json(),
  },
];
const EXPECTED: Record<string, unknown> = {
  OTLP: { partialSuccess: { rejectedLogRecords: '1', errorMessage: expect.stringMatching(SAYS) } },
  HEC: { text: 'Success', code: 0, notes: [expect.stringMatching(SAYS)] },
  Loki: expect.stringMatching(SAYS),
  Elastic: expect.objectContaining({
    errors: true,
    items: expect.arrayContaining([
      {
        create: expect.objectContaining({
          status: 400,
          error: expect.objectContaining({ reason: expect.stringMatching(SAYS) }),
        }),
      },
    ]),
  }),
  HTTP: expect.objectContaining({ verdict: 'verified', notes: [expect.stringMatching(SAYS)] }),
};

it.each(WAYS)(
  '$name: a stray text line is told and left out, and the chain stays verified',
  async ({ name, send, says }) => {
    const chain = `stray ${name}`;
    const lines = writers(installation.ctx.hasher).occasio.write(
      Array.from({ length: 6 }, (_, index) => ({ tool: 'bash', decision: 'allow' as const, note: `${index}` })),
    );
    const [first = '', second = '', third = '', ...rest] = lines;
    expect((await send(chain, [first])).status).toBeLessThan(300);
    const mixed = await send(chain, [second, 'Server started on port 8080', third]);
    expect(mixed.status).toBeLessThan(300);
    expect(await says(mixed)).toEqual(EXPECTED[name]);
    const alone = await send(chain, ['level=info msg="ready"']);
    expect(alone.status).toBe(name === 'OTLP' || name === 'Elastic' ? 200 : 400);
    expect((await send(chain, rest)).status).toBeLessThan(300);
    const row = await installation.ctx.db
      .selectFrom('chains')
      .select(['verdict', 'records', 'size_bytes'])
      .where('name', '=', chain)
      .executeTakeFirstOrThrow();
    expect({ ...row, size_bytes: Number(row.size_bytes) }).toEqual({
      verdict: 'verified',
      records: 6,
      size_bytes: lines.join('\n').length + 1,
    });
  },
);

describe('of a delivery of which nothing was taken, its sender says so, once', () => {
  const requested: string[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const { method = 'GET', url: address = '/' } = incoming;
    requested.push(address);
    const headers = {
      authorization: incoming.headers.authorization ?? '',
      'content-type': incoming.headers['content-type'] ?? '',
    };
    const request = new Request(`http://127.0.0.1${address}`, {
      method,
      headers,
      body: new Uint8Array(await buffer(incoming)),
    });
    const answer = await (address.startsWith('/loki')
      ? loki(request, { params: Promise.resolve({}) })
      : collect(request, { params: Promise.resolve({ rest: ['event'] }) }));
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  });
  let url: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // of a server that listens
    for (const name of ['splunk', 'pino'])
      await WAYS[1]?.send(
        name,
        writers(installation.ctx.hasher).occasio.write([{ tool: 'bash', decision: 'allow', note: name }]),
      );
  });
  beforeEach(() => requested.splice(0));
  afterAll(() => server.close());

  it('the client of Splunk', async () => {
    const logger = new SplunkLogger({ token, url, maxBatchCount: 0, maxRetries: 3 });
    logger.eventFormatter = (message) => message;
    const reported: unknown[] = [];
    logger.error = (error) => reported.push(error);
    for (const message of ['Server started', 'ready']) logger.send({ message, metadata: { source: 'splunk' } });
    const body = await new Promise((resolve, reject) =>
      logger.flush((error, _response, said) => (error ? reject(error) : resolve(said))),
    );
    expect(body).toEqual({ text: expect.stringMatching(SAYS), code: 6, 'invalid-event-number': 0 });
    expect(reported).toMatchObject([{ code: 6, message: expect.stringMatching(SAYS) }]);
    expect(requested).toHaveLength(1);
  });

  it('the transport of pino for Loki', async () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const stream = pinoLoki({
      host: url,
      basicAuth: { username: 'loki', password: token },
      labels: { sealtrail_chain: 'pino' },
      batching: false,
    });
    stream.end(`${JSON.stringify({ level: 30, time: 1_778_486_400_000, msg: 'ready' })}\n`);
    await vi.waitUntil(() => reported.mock.calls.length > 0, { timeout: 20_000 });
    expect(reported.mock.calls).toEqual([[expect.stringMatching(SAYS)]]);
    expect(requested).toHaveLength(1);
    reported.mockRestore();
  });
});

it.each(WAYS)('$name: a torn record is kept and verified', async ({ name, send }) => {
  const chain = `torn ${name}`;
  const [first = '', second = ''] = writers(installation.ctx.hasher).occasio.write(
    [1, 2].map((index) => ({ tool: 'bash', decision: 'allow' as const, note: `${index}` })),
  );
  expect((await send(chain, [first, second.slice(0, 60)])).status).toBeLessThan(300);
  expect(
    await installation.ctx.db
      .selectFrom('chains')
      .select('verdict')
      .where('name', '=', chain)
      .executeTakeFirstOrThrow(),
  ).toEqual({ verdict: 'corrupt' });
});
