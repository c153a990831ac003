import { generateKeyPairSync } from 'node:crypto';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { personActor } from '@/lib/access/actor';
import { createToken } from '@/lib/access/tokens';
import { createWorkspace } from '@/lib/access/workspaces/create-workspace';
import { contextOf, openWorkspace } from '@/lib/compose';
import type { Context } from '@/lib/context';
import { OWN_CHAIN } from '@/lib/core/own-chain';
import { ingestUpload } from '@/lib/ingest/upload';
import { loadSampleData } from '@/lib/ingest/sample-data';
import { signedIn, testActor, testAdmin, testPerson } from '@/lib/testing/actor';
import { fixture } from '@/lib/testing/fixtures';
import { type TestInstallation, startInstallation } from '@/lib/testing/installation';
import { type Running, runWorkspace } from '@/workers/run-workspace';
import { type WalkedOperation, addressOf, operationsIn, walkRoutes } from './walked-routes';

// Everything is asked for in one workspace with the ids of what is in another.
const OPERATIONS = operationsIn(await walkRoutes());
const PASSWORD = 'correct horse battery staple';
const CHANGES = ['POST', 'PUT', 'PATCH', 'DELETE'];
const PERIOD = { from: '2020-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z' };
/** What is asked beside, where a route reads it. */
const QUERY = () => ({
  ...PERIOD,
  chain: ids['chainId'] ?? '',
  of: 'package',
  id: ids['packageId'] ?? '',
  kind: 'package',
});
/** Names in the first workspace that must not come out in the second. */
const SECRET = 'only-in-the-first';

/** The value of each parameter there is: of a row of the first workspace. A parameter that is not here is a route nobody thought of. */
const ids: Record<string, string> = {};
/** Parameters that name something of no workspace. */
const OF_NONE = { framework: 'eu-ai-act', ordinal: '1', version: '1', file: 'report.json', rest: 'x', path: '000' };
/** What a body needs that its schema does not say. */
const BODIES: Record<string, () => unknown> = {
  'POST /api/v1/packages': () => ({ of: { kind: 'chain', chainId: ids['chainId'] } }),
  'POST /api/v1/share-links': () => ({ of: { kind: 'package', id: ids['packageId'] } }),
  'POST /api/v1/chains/{chainId}/attestations': () => ({ scope: { kind: 'range', first: 1, last: 2 } }),
  'PATCH /api/v1/findings/{findingId}': () => ({ status: 'in_progress' }),
  'PATCH /api/v1/findings': () => ({ ids: [ids['findingId']], change: { status: 'in_progress' } }),
  'POST /api/v1/findings/{findingId}/comments': () => ({ text: 'looked at' }),
  'POST /api/v1/cases': () => ({ title: 'theirs', findingIds: [ids['findingId']] }),
  'PATCH /api/v1/cases/{caseId}': () => ({ title: 'ours now' }),
  'POST /api/v1/cases/{caseId}/findings': () => ({ add: [ids['findingId']] }),
  'POST /api/v1/cases/{caseId}/notes': () => ({ text: 'a note' }),
  'PATCH /api/v1/views/{viewId}': () => ({ name: 'ours now' }),
  'PATCH /api/v1/people/{personId}': () => ({ role: 'auditor' }),
  'PATCH /api/v1/notifications/destinations/{destinationId}': () => ({ name: 'ours now' }),
  'PATCH /api/v1/rules/{ruleId}': () => ({ isEnabled: false }),
  'POST /api/v1/attestations/{attestationId}/withdraw': () => ({ reason: 'ours now' }),
  'PUT /api/v1/me/workspace': () => ({ id: 'default' }),
  'PUT /api/v1/chains/{chainId}/retention': () => ({ keepDays: 1 }),
  'POST /api/v1/chains/{chainId}/holds': () => ({ reason: 'ours now' }),
  'POST /api/v1/chains/{chainId}/deletion': () => ({ head: null, records: 0 }),
  'POST /api/v1/stuck-jobs/retry': () => ({ chainId: ids['chainId'] }),
  'PATCH /api/v1/chains/{chainId}/sidecars/{name}': () => ({ counts: false }),
};
const RULE_ID = '6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a01';

let installation: TestInstallation;
let a: Context;
let b: Context;
/** Of the first workspace and of the other. */
const working: Running[] = [];
const callers: Record<string, Record<string, string>> = {};

beforeAll(async () => {
  installation = await startInstallation({ SEALTRAIL_NOTIFY_ALLOW: '127.0.0.1/32' });
  a = installation.ctx;
  Object.assign(globalThis, { sealtrailContext: Promise.resolve(a) }); // what `context()` gives
  working.push(await runWorkspace(a, { workerId: 'a', build: 'test' }));
  const ada = await testAdmin(a, { name: 'Ada', email: 'ada@example.org', password: PASSWORD });
  const cookie = await signedIn(a, { email: 'ada@example.org', password: PASSWORD });
  await furnish(personActor(ada), { cookie });
  await createWorkspace(a, {
    id: 'other',
    name: 'Other',
    actor: testActor(),
    prepare: () => openWorkspace(a, 'other'),
  });
  b = await contextOf(a, 'other');
  working.push(await runWorkspace(b, { workerId: 'b', build: 'test' }));
  // The same logs, by the same names.
  await loadSampleData(b, { actor: testActor() });
  await vi.waitUntil(() => b.db.selectFrom('findings').select('id').limit(1).executeTakeFirst(), {
    timeout: 120_000,
    interval: 200,
  });
  const bea = await testPerson(b, { name: 'Bea', email: 'bea@example.org', password: PASSWORD, role: 'administrator' });
  callers['administrator'] = { cookie: await signedIn(a, { email: 'bea@example.org', password: PASSWORD }) };
  for (const scope of ['read', 'ingest'] as const) {
    const { token } = await createToken(b, {
      name: scope,
      scopes: [scope],
      actor: personActor({ ...bea, workspaceId: 'other' }),
    });
    callers[`${scope} token`] = { authorization: `Bearer ${token}` };
  }
}, 300_000);
afterAll(async () => {
  await working.at(1)?.stop();
  await installation?.stop();
});

/** Fills the first workspace with one row of each kind that is asked for by an id. */
async function furnish(actor: ReturnType<typeof personActor>, headers: Record<string, string>): Promise<void> {
  const { chainId } = await ingestUpload(a, {
    fileName: `${SECRET}.jsonl`,
    chain: ids['chainId'] ?? '',
    body: Readable.from([fixture('occasio', 'valid')]),
    actor,
  });
  await loadSampleData(a, { actor });
  await installation.settled(chainId);
  ids['chainId'] = chainId;
  const findingId = async () => (await a.db.selectFrom('findings').select('id').limit(1).executeTakeFirst())?.id;
  ids['findingId'] = await vi.waitUntil(findingId, { timeout: 120_000, interval: 200 });
  const make = async (at: string, body?: unknown): Promise<string> => {
    const [operation] = OPERATIONS.filter(({ what }) => what === at);
    if (!operation) throw new Error(`${at} is gone`);
    const answer = await ask(operation, headers, body);
    const said = await answer.text();
    if (answer.status >= 300) throw new Error(`${at}: ${answer.status} ${said}`);
    return String((JSON.parse(said) as { id?: string }).id ?? '');
  };
  ids['caseId'] = await make('POST /api/v1/cases', { title: SECRET, findingIds: [ids['findingId']] });
  ids['packageId'] = await make('POST /api/v1/packages', { of: { kind: 'chain', chainId } });
  ids['runId'] = await make('POST /api/v1/report-runs', { from: '2026-05-01T00:00:00Z', to: '2026-06-01T00:00:00Z' });
  ids['tokenId'] = await make('POST /api/v1/tokens', { name: SECRET, scopes: ['read'] });
  ids['destinationId'] = await make('POST /api/v1/notifications/destinations', {
    kind: 'webhook',
    url: 'https://127.0.0.1:1/',
    name: SECRET,
    filter: { events: ['verdict.bad'] },
  });
  await make('POST /api/v1/notifications/destinations/{destinationId}/test').catch(() => ''); // nobody is there: that it was tried is kept
  ids['deliveryId'] = (await a.db.selectFrom('notification_deliveries').select('id').executeTakeFirstOrThrow()).id;
  ids['passkeyId'] = (
    await a.db
      .insertInto('passkeys')
      .values({
        credential_id: 'x',
        person_id: actor.id,
        name: SECRET,
        public_key: Buffer.from('x'),
        counter: 0,
        transports: [],
        is_backed_up: false,
        created_at: new Date(),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
  ).id;
  ids['viewId'] = await make('POST /api/v1/views', {
    name: SECRET,
    search: { q: 'decision:deny', period: '7d', from: null, to: null, columns: ['tool', 'target'] },
  });
  ids['definitionId'] = await make('POST /api/v1/reports/definitions');
  await make('POST /api/v1/rules', {
    yaml: `title: ${SECRET}\nid: ${RULE_ID}\nlogsource: {product: ai_agent, service: guardrail}\ndetection: {one: {tool: bash}, condition: one}\n`,
  });
  ids['suppressionId'] = await make('POST /api/v1/suppressions', {
    yaml: `title: ${SECRET}\nlogsource: {product: ai_agent, service: guardrail}\nfilter: {rules: [${RULE_ID}], one: {tool: bash}, condition: not one}\n`,
    reason: SECRET,
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  });
  ids['keyId'] = await make('POST /api/v1/guardrail-keys', {
    name: SECRET,
    publicKeyPem: generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  });
  ids['linkId'] = await make('POST /api/v1/share-links', { of: { kind: 'package', id: await madePackage() } });
  await make('POST /api/v1/chains/{chainId}/holds', { reason: SECRET });
  await make('POST /api/v1/invitations', { email: 'invited@example.org', role: 'auditor' });
  await make('PATCH /api/v1/findings', { ids: [ids['findingId']], change: { status: 'in_progress' } });
  ids['changeId'] =
    (await a.db.selectFrom('finding_acts').select('change_id').where('change_id', 'is not', null).executeTakeFirst())
      ?.change_id ?? '';
  const newest = async (table: 'legal_holds' | 'access_links' | 'attestations' | 'attestation_requests') =>
    (await a.db.selectFrom(table).select('id').limit(1).executeTakeFirst())?.id ?? '';
  Object.assign(ids, OF_NONE, {
    holdId: await newest('legal_holds'),
    invitationId: await newest('access_links'),
    attestationId: await newest('attestations'),
    requestId: await newest('attestation_requests'),
    personId: actor.id,
    sessionId: (await a.db.selectFrom('session').select('id').executeTakeFirstOrThrow()).id,
    digest: (
      await a.db.selectFrom('chain_segments').select('digest').where('chain_id', '=', chainId).executeTakeFirstOrThrow()
    ).digest,
    chain: ids['chainId'] ?? '',
    name: SECRET,
    fileName: `${SECRET}.jsonl`,
    ruleId: RULE_ID,
  });
}

async function madePackage(): Promise<string> {
  const done = () => a.db.selectFrom('packages').select('id').where('state', '=', 'done').executeTakeFirst();
  return (await vi.waitUntil(done, { timeout: 60_000, interval: 200 })).id;
}

/** The least that the schema of a body takes, with ids of the first workspace. */
function leastOf(schema: z.core.JSONSchema.BaseSchema, name = ''): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [one] = schema.anyOf ?? schema.oneOf ?? [];
  if (one) return leastOf(one as z.core.JSONSchema.BaseSchema, name);
  if (schema.type === 'object')
    return Object.fromEntries(
      (schema.required ?? []).map((key) => [
        key,
        leastOf(schema.properties?.[key] as z.core.JSONSchema.BaseSchema, key),
      ]),
    );
  if (schema.type === 'array')
    return [leastOf((schema.items ?? {}) as z.core.JSONSchema.BaseSchema, name.replace(/s$/, ''))];
  if (schema.type === 'boolean') return true;
  if (schema.type === 'number' || schema.type === 'integer') return Math.max(1, schema.minimum ?? 1);
  if (schema.format === 'date-time') return new Date().toISOString();
  if (schema.format === 'email' || name === 'email') return 'new@example.org';
  if (/Ids?$|^digest$/.test(name)) return ids[name] ?? ids[name.replace(/s$/, '')] ?? 'none';
  return name === 'id' ? ids['findingId'] : 'x'.repeat(Math.max(1, schema.minLength ?? 1));
}

function bodyOf({ what, body }: WalkedOperation): unknown {
  const own = BODIES[what]?.();
  if (own !== undefined || !body) return own;
  return leastOf(z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) as z.core.JSONSchema.BaseSchema);
}

async function ask(
  operation: WalkedOperation,
  headers: Record<string, string>,
  body = bodyOf(operation),
  valueOf = (name: string): string | undefined => ids[name],
  beside: Record<string, string> = QUERY(),
): Promise<Response> {
  const { publicUrl } = a.env;
  const { address, params } = addressOf(operation, (name) => valueOf(name) || 'none');
  const reads = Object.keys(
    operation.query ? (z.toJSONSchema(operation.query, { io: 'input', unrepresentable: 'any' }).properties ?? {}) : {},
  );
  const query = new URLSearchParams(Object.entries(beside).filter(([name]) => reads.includes(name)));
  const ending = new AbortController();
  const answer = await operation.handler(
    new Request(`${publicUrl}${address}?${query}`, {
      method: operation.method,
      signal: ending.signal,
      headers: {
        origin: publicUrl,
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/json',
        'tus-resumable': '1.0.0',
        'x-sealtrail-peer': '127.0.0.1',
        ...headers,
      },
      ...(CHANGES.includes(operation.method) && { body: body === undefined ? '' : JSON.stringify(body) }),
    }),
    { params: Promise.resolve(params) },
  );
  if (isStream(answer)) ending.abort();
  return answer;
}

const NAMES_A_ROW = /\{(\w+Id|digest)\}/;
const nowhereOf = (name: string) => (name === 'digest' ? 'd'.repeat(64) : '019a0000-0000-7000-8000-000000000000');
const isStream = (answer: Response) => answer.headers.get('content-type')?.startsWith('text/event-stream') === true;

/** Ids of what is told apart by one, but for the chain that is called the same everywhere. */
async function idsIn({ db }: Context): Promise<string[]> {
  const tables = [
    'chains',
    'findings',
    'attestations',
    'cases',
    'packages',
    'report_runs',
    'report_definitions',
    'uploads',
  ] as const;
  const found = await Promise.all(tables.map((table) => db.selectFrom(table).select('id').execute()));
  return found
    .flat()
    .map(({ id }) => id)
    .filter((id) => id !== OWN_CHAIN.id);
}

/** Every row of the first workspace, table by table, but for what is noted of whoever asks and of those who look after it. */
async function rowsOf(ctx: Context): Promise<Record<string, string>> {
  const passing = new Set([
    'session',
    'sign_in_failures',
    'workers',
    'probes',
    'evidence_sweep',
    'activity_carry',
    'activity_lines',
    // Sign-ins that are refused, whoever tries.
    'activity_folds',
    'tails',
    'tail_pieces',
  ]);
  const { rows: tables } = await sql<{ name: string }>`
    SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY 1`.execute(
    ctx.db,
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables.filter((table) => !passing.has(table.name))) {
    const { rows } = await sql<{ digest: string }>`
      SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) AS digest FROM ${sql.table(name)} t`.execute(
      ctx.db,
    );
    digests[name] = rows[0]?.digest ?? '';
  }
  return digests;
}

it('every parameter of every route is known here', () => {
  const names = new Set(OPERATIONS.flatMap(({ at }) => Array.from(at.matchAll(/\{(\w+)\}/g), ([, name = '']) => name)));
  // Of other protocols.
  const KNOWN = ['id', 'all', 'index'];
  expect([...names].filter((name) => !(name in ids) && !KNOWN.includes(name))).toEqual([]);
  expect(OPERATIONS.length).toBeGreaterThan(140);
});

describe('asked by the other workspace for what is in the first', () => {
  it('no operation answers anything of it, or changes a row of it', { timeout: 600_000 }, async () => {
    // From here on only what is asked for here could change them.
    await working[0]?.stop();
    const before = await rowsOf(a);
    const leaked: unknown[] = [];
    const taken: unknown[] = [];
    const ofFirst = [SECRET, 'ada@example.org', ids['tokenId'] ?? '', ...(await idsIn(a))];
    for (const [caller, headers] of Object.entries(callers))
      for (const operation of OPERATIONS) {
        const answer = await ask(operation, headers);
        if (operation.at.includes('sign-out')) continue;
        const said = answer.body && !isStream(answer) ? await answer.text() : '';
        if (answer.body && !said) await answer.body.cancel().catch(() => undefined); // it was read
        const asked = `${operation.at} ${JSON.stringify(bodyOf(operation) ?? '')}`;
        const { address } = addressOf(operation, (name) => ids[name] || 'none');
        // What a refusal repeats of the question tells nothing.
        const found =
          answer.status < 300
            ? ofFirst.filter((one) => one && said.includes(one) && !address.includes(one) && !asked.includes(one))
            : [];
        if (found.length > 0) leaked.push([caller, operation.what, answer.status, found]);
        if (!NAMES_A_ROW.test(operation.at)) continue;
        // As it answers for what is nowhere.
        const nowhere = await ask(operation, headers, undefined, (name) =>
          NAMES_A_ROW.test(`{${name}}`) ? nowhereOf(name) : ids[name],
        );
        const saidThen = nowhere.body && !isStream(nowhere) ? await nowhere.text() : '';
        const same = (text: string, of: (name: string) => string | undefined) =>
          Object.keys(ids)
            .filter((name) => NAMES_A_ROW.test(`{${name}}`))
            .reduce((left, name) => left.replaceAll(of(name) || '-', name), text)
            .replaceAll(/[0-9a-f-]{36}|"since":"[^"]*"/g, '');
        if (
          answer.status !== nowhere.status ||
          (answer.status < 300 && same(said, (name) => ids[name]) !== same(saidThen, nowhereOf))
        )
          taken.push([
            caller,
            operation.what,
            answer.status,
            nowhere.status,
            said.slice(0, 300),
            saidThen.slice(0, 300),
          ]);
      }
    expect(leaked).toEqual([]);
    expect(taken).toEqual([]);
    const after = await rowsOf(a);
    expect(Object.keys(after).filter((table) => after[table] !== before[table])).toEqual([]);
  });
});

it('what both hold is found by each in its own', async () => {
  const [own, theirs] = [await idsIn(b), new Set(await idsIn(a))];
  expect(own.filter((id) => theirs.has(id))).toEqual([]);
  const read = async (what: string) => {
    const [operation] = OPERATIONS.filter((one) => one.what === what);
    if (!operation) throw new Error(`${what} is gone`);
    const answer = await ask(operation, callers['read token'] ?? {}, undefined, undefined, PERIOD);
    return [answer.status, await answer.text()] as const;
  };
  for (const what of ['GET /api/v1/chains', 'GET /api/v1/findings', 'GET /api/v1/events']) {
    const [status, said] = await read(what);
    expect([what, status, own.some((id) => said.includes(id))]).toEqual([what, 200, true]);
    expect([...theirs].filter((id) => said.includes(id))).toEqual([]);
  }
});
