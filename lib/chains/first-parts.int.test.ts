import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appendRecords } from '../ingest/append-records';
import { closeTail } from '../ingest/close-tail';
import { ingestUpload } from '../ingest/upload';
import { testActor } from '../testing/actor';
import { fixture } from '../testing/fixtures';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { listHeads, newestHeads } from './heads';
import { firstSegments, listSegments } from './segments';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
}, 60_000);
afterAll(() => installation.stop());

it('segments and heads of several chains at once are those of each', async () => {
  const { ctx } = installation;
  const write = async (chain: string, bytes: Buffer) => {
    const { chainId } = await appendRecords(ctx, {
      chain,
      format: 'occasio',
      bytes,
      precondition: { kind: 'lines' },
      idempotency: null,
      actor: testActor(),
    });
    await closeTail(ctx, { chainId, actor: testActor() });
    await installation.settled(chainId);
    return chainId;
  };
  const whole = fixture('occasio', 'valid');
  const middle = whole.indexOf('\n', whole.length / 2) + 1;
  await write('grown', whole.subarray(0, middle));
  const ids = [
    await write('grown', whole.subarray(middle)),
    (
      await ingestUpload(ctx, {
        fileName: 'log.jsonl',
        chain: 'broken',
        body: Readable.from([fixture('occasio', 'tampered')]),
        actor: testActor(),
      })
    ).chainId,
  ];
  await installation.settled(ids[1] ?? '');
  const [segments, heads] = await Promise.all([firstSegments(ctx, ids, 500), newestHeads(ctx, ids, 100)]);
  expect([...segments.keys()].toSorted()).toEqual(ids.toSorted());
  for (const chainId of ids) {
    expect(segments.get(chainId)).toEqual((await listSegments(ctx, { chainId, limit: 500 })).items);
    expect(heads.get(chainId) ?? []).toEqual((await listHeads(ctx, { chainId, limit: 100 })).items);
  }
  expect(segments.get(ids[0] ?? '')?.length).toBe(2);
  expect((await firstSegments(ctx, ids, 1)).get(ids[0] ?? '')).toHaveLength(1);
  expect((await newestHeads(ctx, ids, 1)).get(ids[0] ?? '')).toEqual(
    (await listHeads(ctx, { chainId: ids[0] ?? '', limit: 1 })).items,
  );
  expect(await firstSegments(ctx, [], 500)).toEqual(new Map());
});
