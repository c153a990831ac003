import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personActor } from '@/lib/access/actor';
import { createToken, listTokens } from '@/lib/access/tokens';
import { listAttestations } from '@/lib/attest/attestations';
import { ingestUpload } from '@/lib/ingest/upload';
import { NewToken } from '@/lib/schemas/settings';
import { testActor, testAdmin } from '@/lib/testing/actor';
import { toBytes, writers } from '@/lib/testing/chains';
import { fixtureText } from '@/lib/testing/fixtures';
import { makeZip } from '@/lib/testing/make-zip';
import { type TestInstallation, startInstallation } from '@/lib/testing/installation';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** What the token is for, by beginning and by name. */
const CHAINS = ['team-a/*', 'build server'];

type Params = Record<string, string | string[]>;
type Handler = (request: Request, segment: { params: Promise<Params> }) => Promise<Response>;
type Sent = {
  params?: Params;
  query?: string;
  headers?: Record<string, string>;
  body?: object | string | Uint8Array<ArrayBuffer>;
};

let installation: TestInstallation;
let token = '';
const ids: Record<string, string> = {};
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  const { ctx } = installation;
  Object.assign(globalThis, { sealtrailContext: Promise.resolve(ctx) }); // what `context()` gives
  await installation.work();
  const admin = await testAdmin(ctx, {
    name: 'Ada',
    email: 'ada@example.org',
    password: 'correct horse battery staple',
  });
  for (const chain of ['team-b/x', 'team-a/known']) {
    const { chainId } = await ingestUpload(ctx, {
      fileName: chain,
      chain,
      body: (async function* () {
        yield lines(`first of ${chain}`);
      })(),
      actor: testActor(),
    });
    ids[chain] = chainId;
    await installation.settled(chainId);
  }
  ids['attestation'] = (await listAttestations(ctx, { chainId: ids['team-b/x'] ?? '', limit: 1 })).items[0]?.id ?? '';
  token = (await createToken(ctx, { name: 'a', scopes: ['ingest', 'read'], chains: CHAINS, actor: personActor(admin) }))
    .token;
}, 180_000);
afterAll(() => installation?.stop());

const lines = (note: string) =>
  toBytes(
    writers(installation.ctx.hasher).occasio.write(
      Array.from({ length: 3 }, (_, index) => ({ tool: 'bash', decision: 'allow' as const, note: `${note} ${index}` })),
    ),
  );
const bytes = (note: string) => new Uint8Array(lines(note));
const texts = (note: string) => lines(note).toString('utf8').trimEnd().split('\n');

async function send(method: string, file: string, { params = {}, query = '', headers = {}, body }: Sent) {
  const module = (await import(path.join(ROOT, `app/${file}/route.ts`))) as Record<string, Handler>; // checked by the call
  const at = file.replaceAll(/\/\[{1,2}(?:\.\.\.)?(\w+)\]{1,2}/g, (_, name: string) =>
    [params[name] ?? []]
      .flat()
      .map((part) => `/${encodeURIComponent(part)}`)
      .join(''),
  );
  const content =
    body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const answer = await module[method]?.(
    new Request(`${installation.ctx.env.publicUrl}/${at}${query}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(content !== undefined && { body: content }),
    }),
    { params: Promise.resolve(params) },
  );
  if (!answer) throw new Error(`${file} has no ${method}`);
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

/** All that is written down of chains and what was sent to them. */
const kept = async () => {
  const { db } = installation.ctx;
  const [chains, uploads, tails, sidecars, alarms, requests, actions] = await Promise.all([
    db.selectFrom('chains').select(['name', 'size_bytes', 'sealed_at']).orderBy('name').execute(),
    db.selectFrom('uploads').select(['id', 'chain_id', 'sha256']).orderBy('id').execute(),
    db.selectFrom('tails').select(['chain_id', 'size_bytes', 'close_wanted']).orderBy('chain_id').execute(),
    db.selectFrom('sidecars').select('id').execute(),
    db.selectFrom('tail_alarms').select('id').execute(),
    db.selectFrom('attestation_requests').select('id').where('cause', '=', 'demand').execute(),
    db
      .selectFrom('audit_log')
      .select(['action', 'subject_id'])
      .where('actor_kind', '=', 'token')
      .orderBy('id')
      .execute(),
  ]);
  return { chains, uploads, tails, sidecars, alarms, requests, actions };
};

const tus = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream' };
const whole = (metadata: string, note: string): Sent => ({
  headers: { ...tus, 'upload-length': String(lines(note).length), 'upload-metadata': metadata },
  body: bytes(note),
});
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Every way a chain is written to by its name. */
type Way = (chain: string, note: string) => [method: string, file: string, sent: Sent];
const way = (name: string, chain: string, note: string) => {
  const made = WAYS[name];
  if (!made) throw new Error(`no way in is called ${name}`);
  return made(chain, note);
};
const WAYS: Record<string, Way> = {
  'PUT of an upload': (chain, note) => [
    'PUT',
    'api/v1/uploads/[fileName]',
    { params: { fileName: chain }, body: bytes(note) },
  ],
  'PUT of an upload, by ?chain=': (chain, note) => [
    'PUT',
    'api/v1/uploads/[fileName]',
    { params: { fileName: 'team-a/file' }, query: `?chain=${encodeURIComponent(chain)}`, body: bytes(note) },
  ],
  'POST of an upload': (chain, note) => [
    'POST',
    'api/v1/uploads/[fileName]',
    { params: { fileName: chain }, body: bytes(note) },
  ],
  'an archive': (chain, note) => [
    'POST',
    'api/v1/uploads/[fileName]',
    {
      params: { fileName: 'all.zip' },
      body: new Uint8Array(makeZip([{ name: chain, content: lines(note) }])),
    },
  ],
  'a resumable upload': (chain, note) => [
    'POST',
    'api/v1/resumable/[[...id]]',
    whole(`filename ${base64(chain)}`, note),
  ],
  'a resumable upload, by its chain': (chain, note) => [
    'POST',
    'api/v1/resumable/[[...id]]',
    whole(`filename ${base64('team-a/file')},chain ${base64(chain)},allowed ${base64('["*"]')}`, note),
  ],
  records: (chain, note) => [
    'POST',
    'api/v1/chains/[chainId]/records',
    { params: { chainId: chain }, body: bytes(note) },
  ],
  'events over HTTP': (chain, note) => ['POST', 'api/v1/ingest/[chain]', { params: { chain }, body: bytes(note) }],
  'Splunk, raw': (chain, note) => [
    'POST',
    'services/collector/[[...rest]]',
    { params: { rest: ['raw'] }, query: `?source=${encodeURIComponent(chain)}`, body: bytes(note) },
  ],
  'Splunk, events': (chain, note) => [
    'POST',
    'services/collector/[[...rest]]',
    {
      params: { rest: ['event'] },
      body: texts(note)
        .map((event) => JSON.stringify({ source: chain, event }))
        .join(''),
    },
  ],
  Loki: (chain, note) => [
    'POST',
    'loki/api/v1/push',
    {
      body: {
        streams: [
          { stream: { sealtrail_chain: chain }, values: texts(note).map((line, index) => [String(index + 1), line]) },
        ],
      },
    },
  ],
  OTLP: (chain, note) => [
    'POST',
    'v1/logs',
    {
      body: {
        resourceLogs: [
          {
            resource: { attributes: [{ key: 'sealtrail.chain', value: { stringValue: chain } }] },
            scopeLogs: [{ logRecords: texts(note).map((stringValue) => ({ body: { stringValue } })) }],
          },
        ],
      },
    },
  ],
  'Elastic, by item': (chain, note) => [
    'POST',
    'elastic/[[...path]]',
    {
      params: { path: ['_bulk'] },
      body: texts(note)
        .map((line) => `${JSON.stringify({ create: { _index: chain } })}\n${line}\n`)
        .join(''),
    },
  ],
  'Elastic, by address': (chain, note) => [
    'PUT',
    'elastic/[[...path]]',
    {
      params: { path: [chain, '_bulk'] },
      body: texts(note)
        .map((line) => `{"create":{}}\n${line}\n`)
        .join(''),
    },
  ],
};

/** Whether it is told that all of it was refused, as the protocol tells it. */
function isRefused({ status, text }: { status: number; text: string }): boolean {
  if (status === 403) return true;
  const said = JSON.parse(text) as {
    partialSuccess?: { rejectedLogRecords: string };
    items?: Record<string, { status: number }>[];
  }; // OTLP and Elastic tell it within an answer that is 200
  if (said.items) return said.items.every((item) => Object.values(item).every((one) => one.status === 403));
  return said.partialSuccess?.rejectedLogRecords === '3';
}

describe.each(Object.entries(WAYS))('%s', (name, request) => {
  const own = `team-a/${name.replaceAll(/\W/g, '-')}`;
  it('takes what is for a chain of the token, and nothing for another', async () => {
    const before = await kept();
    for (const other of [
      'team-b/x',
      'team-b/new',
      'team-a',
      'TEAM-A/x',
      'xteam-a/y',
      'build server 2',
      ids['team-b/x'] ?? '',
    ]) {
      const byId = other === ids['team-b/x'] && !['records', 'events over HTTP'].includes(name) ? 'team-b/x' : other;
      const answer = await send(...request(byId, `other ${name} ${other}`));
      expect([other, isRefused(answer), answer.text]).toEqual([other, true, answer.text]);
    }
    expect(await kept()).toEqual(before);
    const taken = await send(...request(own, `own ${name}`));
    expect([taken.status, taken.text]).toEqual([expect.toBeOneOf([200, 201, 204]), taken.text]);
    const after = await kept();
    expect(
      after.chains.map(({ name }) => name).filter((name) => !before.chains.some((one) => one.name === name)),
    ).toEqual([own]);
  });
});

it('no other spelling of a name writes to a chain that the token is not for', async () => {
  const sizeOf = async () => (await kept()).chains.find(({ name }) => name === 'team-b/x');
  const before = await sizeOf();
  const spelled = [
    'team-a/../team-b/x',
    'team-a/%2e%2e/team-b/x',
    'team-a/..%2fteam-b%2fx',
    ' team-b/x',
    'team-b/x ',
    'team-b%2Fx',
    'team-b%252Fx',
    '\ufeffteam-b/x',
    'team-b\uff0fx',
    'team-a/\u202e',
    'team-a/\0',
    './team-b/x',
    'team-b//x',
  ];
  for (const name of spelled) {
    for (const each of ['PUT of an upload', 'records', 'events over HTTP', 'an archive'] as const)
      await send(...way(each, name, `spelled ${each} ${name}`));
  }
  expect(await sizeOf()).toEqual(before);
  // What such a name begins is a chain of exactly that name, within what the token is for.
  const names = (await kept()).chains.map(({ name }) => name);
  expect(names.filter((name) => !name.startsWith('team-a/'))).toEqual(['team-b/x']);
});

it('a chain that is named itself is written to, and none that only begins so', async () => {
  const [method, file, sent] = way('records', 'build server', 'named');
  expect((await send(method, file, sent)).status).toBe(200);
});

it('nothing else that an ingest token does reaches a chain it is not for', async () => {
  const [chainId, attestationId] = [ids['team-b/x'] ?? '', ids['attestation'] ?? ''];
  const alarm = { id: randomUUID(), kind: 'truncated', at: 5, detail: 'x', raisedAt: '2026-01-01T00:00:00Z' };
  const period = { kind: 'period', from: '2020-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z' };
  const calls: [string, Sent][] = [
    ['api/v1/chains/[chainId]/alarms', { params: { chainId: 'team-b/x' }, body: alarm }],
    ['api/v1/chains/[chainId]/alarms', { params: { chainId }, body: alarm }],
    ['api/v1/chains/[chainId]/close', { params: { chainId } }],
    ['api/v1/chains/[chainId]/seal', { params: { chainId } }],
    [
      'api/v1/chains/[chainId]/sidecars/[name]',
      { params: { chainId, name: 'session.json' }, body: fixtureText('nono', 'session.json') },
    ],
    ['api/v1/chains/[chainId]/attestations', { params: { chainId }, body: {} }],
    ['api/v1/attestations', { body: { scope: { ...period, chainIds: [ids['team-a/known'], chainId] } } }],
    ['api/v1/attestations', { body: { scope: period } }],
    ['api/v1/attestations/[attestationId]/supersede', { params: { attestationId } }],
    ['api/v1/packages', { body: { of: period } }],
    ['api/v1/stuck-jobs/retry', { body: { chainId } }],
    ['api/v1/stuck-jobs/retry', { body: {} }],
  ];
  const before = await kept();
  for (const [file, sent] of calls) {
    const { status, text } = await send('POST', file, sent);
    expect([file, status, text]).toEqual([file, 403, text]);
  }
  expect(await kept()).toEqual(before);
  const own = await send('POST', 'api/v1/chains/[chainId]/seal', { params: { chainId: ids['team-a/known'] ?? '' } });
  expect(own.status).toBe(200);
});

it('a limit is kept and told as it was given; one that is none is refused, and one that is not read allows nothing', async () => {
  const { ctx } = installation;
  expect((await listTokens(ctx)).map(({ chains }) => chains)).toEqual([CHAINS]);
  for (const chains of [
    [],
    ['*'],
    ['a*b'],
    ['**'],
    [''],
    ['a\0'],
    Array.from({ length: 51 }, (_, index) => `c${index}`),
  ])
    expect([chains, NewToken.safeParse({ name: 'x', scopes: ['ingest'], chains }).success]).toEqual([chains, false]);
  await ctx.db
    .updateTable('apikey')
    .set({ permissions: '{"sealtrail":["ingest"],"sealtrail.chains":"team-a/*"}' })
    .execute();
  const [method, file, sent] = way('records', 'team-a/known', 'after');
  expect((await send(method, file, sent)).status).toBe(403);
});
