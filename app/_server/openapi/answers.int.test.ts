import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { listAttestations } from '@/lib/attest/attestations';
import { requestPackage } from '@/lib/package/packages';
import { ingestUpload } from '@/lib/ingest/upload';
import { ApiDocument, type JsonSchema } from '@/lib/schemas/openapi';
import { signedInAdmin, testActor } from '@/lib/testing/actor';
import { fixture } from '@/lib/testing/fixtures';
import { type TestInstallation, startInstallation } from '@/lib/testing/installation';
import { operationsOf } from '../declaration';

const ROOT = path.resolve(import.meta.dirname, '../../..');
type Handler = (request: Request, segment: { params: Promise<Record<string, string>> }) => Promise<Response>;

const document = ApiDocument.parse(JSON.parse(readFileSync(path.join(ROOT, 'docs/openapi.json'), 'utf8')));
const known: Record<string, string> = { ordinal: '3', file: 'integrity.csv' };
let installation: TestInstallation;
let session = '';
beforeAll(async () => {
  installation = await startInstallation();
  const { ctx } = installation;
  Object.assign(globalThis, { sealtrailContext: Promise.resolve(ctx) }); // what `context()` gives
  await installation.work();
  session = await signedInAdmin(ctx);
  const { chainId } = await ingestUpload(ctx, {
    fileName: 'a.jsonl',
    chain: 'described',
    body: Readable.from([fixture('occasio', 'tampered')]),
    actor: testActor(),
  });
  await installation.settled(chainId);
  const [attestation] = (await listAttestations(ctx, { limit: 1 })).items;
  const { id: packageId } = await requestPackage(ctx, { of: { kind: 'chain', chainId }, actor: testActor() });
  const segment = await ctx.db.selectFrom('chain_segments').select('digest').executeTakeFirstOrThrow();
  const finding = await ctx.db.selectFrom('findings').select('id').executeTakeFirst();
  const attestationId = attestation?.id ?? '';
  Object.assign(known, { chainId, packageId, attestationId, digest: segment.digest, findingId: finding?.id ?? '' });
}, 180_000);
afterAll(() => installation?.stop());

/** A schema of the document as zod reads it, with the named ones in reach. */
function reader(schema: JsonSchema): z.ZodType {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas });
  return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')));
}

/** What every GET that needs no more than what is known here answers. */
async function* answers() {
  for (const file of globSync('app/**/route.ts', { cwd: ROOT }).toSorted()) {
    const { GET } = (await import(path.join(ROOT, file))) as { GET?: Handler }; // what a route exports by this name
    for (const { path: at } of (GET && operationsOf(GET)) ?? []) {
      if (!GET || at === null) continue;
      const template =
        at ??
        file
          .replace(/^app/, '')
          .replace('/route.ts', '')
          .replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, '{$1}');
      const operation = document.paths[template]?.get;
      const names = Array.from(template.matchAll(/\{(\w+)\}/g), ([, name = '']) => name);
      const schema = operation?.responses['200']?.content?.['application/json']?.schema;
      if (!operation || !schema || names.some((name) => !known[name])) continue;
      const query = (operation.parameters ?? [])
        .filter((one) => one.in === 'query' && (one.required || one.schema.examples))
        .map(({ name, schema }) => [
          name,
          schema.examples
            ? String(schema.examples[0])
            : schema.format === 'date-time'
              ? name === 'to'
                ? '2026-06-01T00:00:00Z'
                : '2026-05-01T00:00:00Z'
              : '0',
        ]);
      const url = `${installation.ctx.env.publicUrl}${template.replaceAll(/\{(\w+)\}/g, (_, name: string) => known[name] ?? '')}`;
      const response = await GET(
        new Request(`${url}?${new URLSearchParams(query)}`, { headers: { cookie: session } }),
        {
          params: Promise.resolve(Object.fromEntries(names.map((name) => [name, known[name] ?? '']))),
        },
      );
      yield { template, schema, response };
    }
  }
}

it('routes answer what the document says they do', async () => {
  const wrong: string[] = [];
  const held: string[] = [];
  for await (const { template, schema, response } of answers()) {
    const text = await response.text();
    if (response.status === 404 || response.status === 409) continue;
    if (response.status !== 200) wrong.push(`${template}: ${response.status} ${text.slice(0, 200)}`);
    else {
      const { error } = reader(schema).safeParse(JSON.parse(text));
      if (error) wrong.push(`${template}: ${z.prettifyError(error).slice(0, 400)}`);
      held.push(template);
    }
  }
  expect(wrong).toEqual([]);
  expect(held).toEqual(
    expect.arrayContaining([
      '/api/auth/get-session',
      '/api/health',
      '/api/v1/attestations/{attestationId}',
      '/api/v1/chains',
      '/api/v1/chains/{chainId}',
      '/api/v1/chains/{chainId}/records/{ordinal}',
      '/api/v1/chains/{chainId}/summary',
      '/api/v1/events',
      '/api/v1/events/facets',
      '/api/v1/events/histogram',
      '/api/v1/overview',
      '/api/v1/packages/{packageId}',
      '/api/v1/trust',
    ]),
  );
  expect(held.length).toBeGreaterThan(30);
}, 120_000);

it('a schema of the document refuses what is not of it', async () => {
  const chain = reader({ $ref: '#/components/schemas/Chain' });
  expect(chain.safeParse({ id: 'x' }).success).toBe(false);
});

it('failures are problems of the document', async () => {
  const { GET } = (await import('../../api/v1/chains/[chainId]/route')) as { GET: Handler }; // as Next calls it
  const problem = reader({ $ref: '#/components/schemas/ProblemDetails' });
  for (const [chainId, cookie, status] of [
    ['019a0000-0000-7000-8000-000000000000', session, 404],
    ['x', session, 400],
    ['x', '', 401],
  ] as const) {
    const response = await GET(new Request(`${installation.ctx.env.publicUrl}/`, { headers: { cookie } }), {
      params: Promise.resolve({ chainId }),
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    expect(problem.parse(await response.json())).toMatchObject({ status });
  }
});

it('the document is served to anybody with where it is reached, and not sent twice', async () => {
  const { GET } = await import('../../api/openapi.json/route');
  const ask = (headers: Record<string, string> = {}) =>
    GET(new Request(`${installation.ctx.env.publicUrl}/api/openapi.json`, { headers }), {
      params: Promise.resolve({}),
    });
  const first = await ask();
  expect(first.headers.get('cache-control')).toContain('public');
  expect(ApiDocument.parse(await first.json())).toEqual({
    ...document,
    servers: [{ url: installation.ctx.env.publicUrl.replace(/\/$/, '') }],
  });
  const again = await ask({ 'if-none-match': first.headers.get('etag') ?? '' });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

it('llms.txt leads to the document and the pages of its parts', async () => {
  const { GET } = await import('../../llms.txt/route');
  const answer = await GET(new Request(`${installation.ctx.env.publicUrl}/llms.txt`), { params: Promise.resolve({}) });
  const url = installation.ctx.env.publicUrl.replace(/\/$/, '');
  const text = await answer.text();
  expect(text).toContain(`(${url}/api/openapi.json)`);
  expect(text).toContain(`(${url}/docs/api/evidence-packages)`);
});
