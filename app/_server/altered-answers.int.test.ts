import { readFileSync, writeFileSync, chmodSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GET as chainBytes } from '@/app/api/v1/chains/[chainId]/bytes/route';
import { GET as repaired } from '@/app/api/v1/chains/[chainId]/repaired/route';
import { GET as segmentBytes } from '@/app/api/v1/segments/[digest]/bytes/route';
import { createToken } from '@/lib/access/tokens';
import { ingestUpload } from '@/lib/ingest/upload';
import { testActor, testAdmin } from '@/lib/testing/actor';
import { fixture } from '@/lib/testing/fixtures';
import { type TestInstallation, startInstallation } from '@/lib/testing/installation';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  Object.assign(globalThis, { sealtrailContext: Promise.resolve(installation.ctx) }); // what `context()` gives
  await installation.work();
}, 120_000);
afterAll(() => installation.stop(), 60_000);

it('what is not sent yet when its bytes prove to be others is answered as that, and not cut off', async () => {
  const { ctx } = installation;
  await testAdmin(ctx, { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery staple' });
  const { token } = await createToken(ctx, { name: 'reads', scopes: ['read'], actor: testActor() });
  const { chainId } = await ingestUpload(ctx, {
    fileName: 'a.jsonl',
    chain: 'altered',
    body: Readable.from([fixture('occasio', 'tampered')]),
    actor: testActor(),
  });
  await installation.settled(chainId);
  const { digest } = await ctx.db.selectFrom('chain_segments').select('digest').executeTakeFirstOrThrow();
  const ask = (route: typeof chainBytes | typeof segmentBytes | typeof repaired) =>
    route(new Request(ctx.env.publicUrl, { headers: { authorization: `Bearer ${token}` } }), {
      params: Promise.resolve({ chainId, digest }),
    });
  for (const route of [segmentBytes, chainBytes]) {
    const answer = await ask(route);
    expect([answer.status, Buffer.from(await answer.arrayBuffer()).equals(fixture('occasio', 'tampered'))]).toEqual([
      200,
      true,
    ]);
  }

  const file = path.join(fileURLToPath(ctx.env.evidenceUrl), 'objects', digest.slice(0, 2), digest);
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
  chmodSync(file, 0o600);
  writeFileSync(file, bytes);
  for (const route of [segmentBytes, chainBytes, repaired]) {
    const answer = await ask(route);
    expect([answer.status, await answer.json()]).toEqual([500, expect.objectContaining({ code: 'EVIDENCE_ALTERED' })]);
  }
});
