import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { listAttestations } from '@/lib/attest/attestations';
import { encodeCursor } from '@/lib/db/cursor';
import { ingestUpload } from '@/lib/ingest/upload';
import { signedInAdmin, testActor } from '@/lib/testing/actor';
import { fixture } from '@/lib/testing/fixtures';
import { type TestInstallation, startInstallation } from '@/lib/testing/installation';
import { operationsOf } from './declaration';

const ROOT = path.resolve(import.meta.dirname, '../..');
const ROUTES = globSync('app/**/route.ts', { cwd: ROOT }).toSorted();
/** What an answer may take on a busy machine; one that never comes fails the test. */
const ANSWERED_WITHIN_MS = 60_000;
/** They change nothing. */
const GETS_AT_ONCE = 6;
const STALE_ID = '019a0000-0000-7000-8000-000000000000';
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
/** Values a parameter is tried with first: where none of them changes the answer, it is one the route does not read, and the others are left out. */
const PROBES = ['\0', '-1', 'zzz', '9007199254740991'];
/** What each call that is taken signs: tried with every header, each with one value. */
const SIGNS = 'app/api/v1/chains/[chainId]/attestations/route.ts';
/** They take no parameter, and a call costs a new key or a week of records. */
const ONCE = ['app/api/v1/signing-keys/rotate/route.ts', 'app/api/v1/sample-data/route.ts'];

const HOSTILE = [
  '',
  '\0',
  'a\0b',
  '\ud83d',
  'x'.repeat(10_000),
  '-1',
  '-9007199254740993',
  '99999999999999999999',
  '9007199254740991',
  '2147483648',
  '1e308',
  'NaN',
  '1,2',
  '[]',
  '{}',
  '{"$gt":""}',
  '../../etc/passwd',
  "'; DROP TABLE chains; --",
  '%00',
  STALE_ID,
  'true',
  'zzz',
  '0000-01-01T00:00:00Z',
  '0100-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '-271821-04-20T00:00:00Z',
];
const CURSORS = [
  ['a'],
  [STALE_ID],
  [-1],
  [Number.MAX_SAFE_INTEGER],
  [1, 2],
  [-1, -1],
  [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ['0000-01-01T00:00:00Z', STALE_ID],
  ['9999-12-31T23:59:59Z', STALE_ID],
].map(encodeCursor);
const NAMES = [
  'q',
  'verdict',
  'format',
  'cursor',
  'limit',
  'from',
  'to',
  'decision',
  'broken',
  'status',
  'level',
  'chainId',
  'state',
  'bom',
  'n',
  'chain',
  'token',
  'channel',
  'ackID',
  'download',
  'only',
  'step',
  'skip',
];
const HEADERS = [
  'upload-offset',
  'upload-length',
  'upload-metadata',
  'upload-defer-length',
  'upload-lag',
  'x-chain-prev',
  'idempotency-key',
  'content-digest',
  'content-encoding',
  'content-type',
  'content-length',
  'range',
  'if-none-match',
  'authorization',
  'x-http-method-override',
  'tus-resumable',
];

/** Parameters of its query that a route says it reads. */
function declaredBy(handler: object): Set<string> {
  const queries = (operationsOf(handler) ?? []).flatMap(({ query }) => query ?? []);
  return new Set(
    queries.flatMap((query) =>
      Object.keys(z.toJSONSchema(query, { io: 'input', unrepresentable: 'any' }).properties ?? {}),
    ),
  );
}

type Handler = (request: Request, segment: { params: Promise<Record<string, string | string[]>> }) => Promise<Response>;
type Params = Record<string, string | string[]>;

let installation: TestInstallation;
let session = '';
const good: Record<string, string> = {};
beforeAll(async () => {
  installation = await startInstallation({
    // Nobody is there.
    SEALTRAIL_OIDC_ISSUER: 'http://127.0.0.1:1',
    SEALTRAIL_OIDC_CLIENT_ID: 'sealtrail',
    SEALTRAIL_OIDC_CLIENT_SECRET: 'secret',
    SEALTRAIL_OIDC_ROLES: '*=administrator',
  });
  const { ctx } = installation;
  // What `context()` gives; its clock stands still, so that what a report says of when it was made is no difference.
  const at = ctx.now();
  Object.assign(globalThis, { sealtrailContext: Promise.resolve({ ...ctx, now: () => at }) });
  await installation.work();
  session = await signedInAdmin(ctx);
  const { chainId } = await ingestUpload(ctx, {
    fileName: 'a.jsonl',
    chain: 'walked',
    body: Readable.from([fixture('occasio', 'tampered')]),
    actor: testActor(),
  });
  await installation.settled(chainId);
  const [attestation] = (await listAttestations(ctx, { limit: 1 })).items;
  const segment = await ctx.db.selectFrom('chain_segments').select('digest').executeTakeFirstOrThrow();
  Object.assign(good, {
    chainId,
    attestationId: attestation?.id ?? '',
    ordinal: '3',
    sessionId: 'sess-1',
    digest: segment.digest,
    chain: 'walked',
    fileName: 'walked.jsonl',
    file: 'integrity.csv',
    framework: 'eu-ai-act',
    name: STALE_ID,
    id: 'f'.repeat(32),
  });
}, 180_000);
afterAll(() => installation?.stop());

/** `[chainId]` and `[[...rest]]` of a route's folder. */
function paramsOf(file: string): { name: string; many: boolean }[] {
  return [...file.matchAll(/\[{1,2}(\.\.\.)?(\w+)\]{1,2}/g)].map(([, dots, name = '']) => ({
    name,
    many: dots !== undefined,
  }));
}

function call(
  file: string,
  params: Params,
  {
    query = '',
    headers = {},
    body,
  }: { query?: string; headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> },
  method: string,
  handler: Handler,
) {
  const at = file
    .replace(/^app/, '')
    .replace(/\/route\.ts$/, '')
    .replaceAll(
      /\/\[{1,2}(?:\.\.\.)?(\w+)\]{1,2}/g,
      (_, name: string) =>
        `/${[params[name] ?? []]
          .flat()
          .map((part) => encodeURIComponent(part.toWellFormed()))
          .join('/')}`,
    );
  const given: Record<string, string> = {
    cookie: session,
    origin: installation.ctx.env.publicUrl,
    'sec-fetch-site': 'same-origin',
    'tus-resumable': '1.0.0',
    'content-type': 'application/json',
    ...headers,
  };
  const withBody = method !== 'GET' && method !== 'HEAD' && body !== undefined;
  const ending = new AbortController();
  const request = new Request(`${installation.ctx.env.publicUrl}${at}${query}`, {
    method,
    headers: given,
    signal: ending.signal,
    ...(withBody && { body }),
  });
  return settle(
    handler(request, { params: Promise.resolve(params) }),
    ending,
    `${method} ${at.slice(0, 120)}${query.slice(0, 120)} ${JSON.stringify(headers).slice(0, 120)} ${String(body ?? '').slice(0, 80)}`,
  );
}

const Problem = z.object({ title: z.string(), status: z.number(), detail: z.string() });

/** An answer as it has to be, to its last byte; an event stream to its first: what was answered, and what is wrong with it. */
async function settle(
  answering: Promise<Response>,
  ending: AbortController,
  what: string,
): Promise<{ answered: string; wrong: string | null }> {
  const said = (answered: string, wrong: string | null = null) => ({
    answered,
    wrong: wrong === null ? null : `${what}: ${wrong}`,
  });
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => (limit = setTimeout(resolve, ANSWERED_WITHIN_MS, 'late')));
  try {
    const response = await Promise.race([answering, late]);
    if (response === 'late') return said('', 'no answer');
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
      await response.body?.cancel();
      return said('a stream');
    }
    const text = await Promise.race([response.text(), late]);
    if (text === 'late') return said('', 'its body does not end');
    const answered = `${response.status} ${text}`;
    if (response.status >= 500 && response.status !== 501) return said(answered, answered.slice(0, 200));
    if (
      response.status >= 400 &&
      response.headers.get('content-type') === 'application/problem+json' &&
      !Problem.safeParse(JSON.parse(text)).success
    )
      return said(answered, `no problem: ${text.slice(0, 100)}`);
    return said(answered);
  } catch (error) {
    return said('', String(error));
  } finally {
    clearTimeout(limit);
    ending.abort();
  }
}

async function sideBySide(work: readonly (() => Promise<unknown>)[], atOnce: number): Promise<void> {
  const left = work.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const each of left) await each();
    }),
  );
}

describe.each(ROUTES)('%s', (file) => {
  it('answers whatever it is asked, and never with a failure of its own', { timeout: 300_000 }, async () => {
    const module = (await import(path.join(ROOT, file))) as Record<string, unknown>; // checked below
    const source = readFileSync(path.join(ROOT, file), 'utf8');
    const [readsQuery, readsRequest] = [/[qQ]uery/.test(source), /\brequest\b/.test(source)];
    const failed: string[] = [];
    for (const method of METHODS) {
      const handler = module[method];
      if (typeof handler !== 'function') continue;
      const names = paramsOf(file);
      const params: Params = Object.fromEntries(
        names.map(({ name, many }) => [name, many ? [good[name] ?? 'x'] : (good[name] ?? STALE_ID)]),
      );
      const ask = async (over: Params, requested: Parameters<typeof call>[2]): Promise<string> => {
        const { answered, wrong } = await call(file, { ...params, ...over }, requested, method, handler as Handler); // what a route exports by a method's name
        if (wrong !== null) failed.push(wrong);
        return answered;
      };
      const asking: (() => Promise<unknown>)[] = [];
      const run = (over: Params, requested: Parameters<typeof call>[2]) => asking.push(() => ask(over, requested));
      run({}, {});
      for (const { name, many } of ONCE.includes(file) ? [] : names)
        for (const value of HOSTILE) run({ [name]: many ? [value, value] : value }, {});
      const declared = readsQuery && !ONCE.includes(file) ? declaredBy(handler) : new Set<string>();
      const period = ['/reports/', '/overview/', '/control-evidence/'].some((part) => file.includes(part))
        ? '&from=2026-05-01T00:00:00Z&to=2026-06-01T00:00:00Z'
        : '';
      const others = readsQuery && !ONCE.includes(file) ? NAMES.filter((name) => !declared.has(name)) : [];
      /** Where one of these changes what is answered together, each is tried by itself. */
      const together = async (names: readonly string[], rest: string): Promise<readonly string[]> => {
        const plain = await ask({}, { query: `?${rest.slice(1)}` });
        let isRead = false;
        for (const value of PROBES) {
          const query = names.map((name) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join('&');
          if ((await ask({}, { query: `?${query}${rest}` })) !== plain) isRead = true;
        }
        return isRead ? names : [];
      };
      const undeclared =
        method === 'GET' && others.length > 0
          ? await together(
              others.filter((name) => !period.includes(`&${name}=`)),
              period,
            )
          : others;
      for (const name of new Set([...declared, ...undeclared])) {
        const rest =
          name === 'from' ? '&to=2026-06-01T00:00:00Z' : name === 'to' ? '&from=2026-05-01T00:00:00Z' : period;
        if (method !== 'GET' && !['chain', 'format', 'token', 'channel'].includes(name)) continue;
        const withValue = (value: string) =>
          ask({}, { query: `?${name}=${encodeURIComponent(value.toWellFormed())}${rest}` });
        asking.push(async () => {
          const plain = await ask({}, { query: `?${rest.slice(1)}` });
          let isRead = name === 'cursor' || method !== 'GET';
          for (const value of PROBES) isRead = (await withValue(value)) !== plain || isRead;
          for (const value of isRead ? HOSTILE : []) if (!PROBES.includes(value)) await withValue(value);
        });
        for (const value of name === 'cursor' ? CURSORS : []) asking.push(() => withValue(value));
        run({}, { query: `?${name}=%ED%A0%80&${name}=b${rest}` });
        run({}, { query: `?${name}[]=a&${name}[x]=1${rest}` });
      }
      if (method !== 'GET' && !ONCE.includes(file)) {
        for (const body of [
          'null',
          '[]',
          '"x"',
          '{',
          '{"of":null}',
          '{"scope":{"kind":"range","first":-1,"last":1e308}}',
          '{"scope":{"kind":"session","session":"a\\u0000b"}}',
          '{"name":"a\\u0000b","scopes":["read"]}',
          `{"name":"${'x'.repeat(60)}","scopes":["read"]}`,
          '{"name":"\\ud83d","scopes":["ingest"]}',
          '{"predicates":["x"]}',
          '{"status":"nope"}',
          new Uint8Array([0xff, 0xfe, 0x00]),
          'x'.repeat(10_000),
          '[['.repeat(5_000),
        ])
          run({}, { body });
        const values = HOSTILE.slice(0, 8).filter((value) => !/[\0\ud83d]/.test(value));
        for (const [at, name] of (readsRequest ? HEADERS : []).entries()) {
          for (const value of file === SIGNS ? values.slice(at % values.length).slice(0, 1) : values)
            run({}, { headers: { [name]: value }, body: '{"a":1}\n' });
        }
      }
      await sideBySide(asking, method === 'GET' ? GETS_AT_ONCE : 1);
    }
    expect(failed).toEqual([]);
    expect(installation.ctx.meter.writes.trouble()).toBeNull();
  });
});

describe.each(['sign-in', 'callback'])('app/api/auth/[...all]/route.ts, at oidc/%s', (at) => {
  it('leads to a page of ours whatever it is asked, and lets nobody in', async () => {
    const { GET } = (await import('@/app/api/auth/[...all]/route')) as { GET: Handler }; // as Next calls it
    const { publicUrl } = installation.ctx.env;
    const asked = ['to', 'code', 'state', 'iss', 'error', 'response', 'id_token'].flatMap((name) =>
      HOSTILE.flatMap((value) => [
        { query: `?${name}=${encodeURIComponent(value.toWellFormed())}&${name}=b`, cookie: '' },
        { query: `?state=x&${name}=x`, cookie: `sealtrail.oidc=${encodeURIComponent(value.toWellFormed())}` },
      ]),
    );
    for (const { query, cookie } of asked) {
      const headers = { ...(cookie && { cookie }), 'x-sealtrail-peer': '127.0.0.1' };
      const answer = await GET(new Request(`${publicUrl}/api/auth/oidc/${at}${query}`, { headers }), {
        params: Promise.resolve({ all: ['oidc', at] }),
      });
      expect([query, cookie, answer.status, answer.headers.get('location'), answer.headers.getSetCookie()]).toEqual([
        query,
        cookie,
        303,
        expect.stringMatching(/^\/sign-in\?(to=[^&]+&)?refused=(attempt|unreachable)$/),
        [expect.stringMatching(/^sealtrail\.oidc=;/)],
      ]);
    }
  }, 120_000);
});

const FILTERS = [
  ['app/api/v1/chains/route.ts', 'verdict', 'tampered', 'verified'],
  ['app/api/v1/chains/route.ts', 'format', 'occasio', 'nono'],
  ['app/api/v1/findings/route.ts', 'status', 'new', 'closed'],
  ['app/api/v1/findings/route.ts', 'level', 'high', 'low'],
  ['app/api/v1/attestation-requests/route.ts', 'state', 'done', 'failed'],
  ['app/api/v1/chains/[chainId]/records/route.ts', 'decision', 'deny', 'allow'],
] as const;

describe.each(FILTERS)('%s, its filter %s', (file, name, one, other) => {
  it('takes one value, several, and the same twice, and names the field of one that is none', async () => {
    const { GET } = (await import(path.join(ROOT, file))) as { GET: Handler }; // its list
    const ask = async (query: string) => {
      const answer = await GET(
        new Request(`${installation.ctx.env.publicUrl}/?limit=500&${query}`, { headers: { cookie: session } }),
        { params: Promise.resolve({ chainId: good['chainId'] ?? '' }) },
      );
      return [answer.status, await answer.json()] as [
        number,
        { items?: { id?: string; ordinal?: number }[]; errors?: unknown },
      ]; // as the API answers
    };
    const idsOf = async (query: string) => {
      const [status, { items }] = await ask(query);
      expect([query, status]).toEqual([query, 200]);
      return (items ?? []).map(({ id, ordinal }) => id ?? ordinal);
    };
    const [first, second] = [await idsOf(`${name}=${one}`), await idsOf(`${name}=${other}`)];
    expect(new Set(await idsOf(`${name}=${one}&${name}=${other}`))).toEqual(new Set([...first, ...second]));
    expect(await idsOf(`${name}=${one},${other}`)).toEqual(await idsOf(`${name}=${other}&${name}=${one}`));
    expect(await idsOf(`${name}=${one}&${name}=${one}`)).toEqual(first);
    for (const query of [`${name}=nope`, `${name}=${one}&${name}=nope`, `${name}=`])
      expect(await ask(query)).toEqual([
        400,
        expect.objectContaining({ errors: [{ field: name, message: expect.stringContaining(one) }] }),
      ]);
  });
});
