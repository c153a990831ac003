import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ingestUpload } from '../ingest/upload';
import { testActor } from '../testing/actor';
import { fixture } from '../testing/fixtures';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { openRepairedCopy, planChainRepair } from './repair';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
});
afterAll(() => installation?.stop());

async function* once(bytes: Uint8Array) {
  yield bytes;
}
const send = (chain: string, bytes: Uint8Array) =>
  ingestUpload(installation.ctx, { fileName: `${chain}.jsonl`, chain, body: once(bytes), actor: testActor() });
const described = (bytes: Uint8Array) => ({
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

it('plans and streams a copy without the torn tail of a log in several parts, and leaves the evidence alone', async () => {
  const log = fixture('occasio', 'valid');
  const middle = log.indexOf(0x0a, 60_000) + 1;
  const kept = log.subarray(0, log.lastIndexOf(0x0a, log.length - 2) + 1);
  const torn = log.subarray(0, kept.length + 99);
  await send('torn/day 1', torn.subarray(0, middle));
  const { chainId, relation } = await send('torn/day 1', torn.subarray(middle));
  expect(relation).toBe('continues');

  const plan = await planChainRepair(installation.ctx, { chainId });
  expect(plan).toMatchObject({
    chainId,
    chain: 'torn/day 1',
    needed: true,
    removed: { ...described(torn.subarray(kept.length)), byteOffset: kept.length, line: 228 },
    original: described(torn),
    repaired: described(kept),
    sentence: expect.stringContaining('the last 99 bytes'),
  });
  const copy = await openRepairedCopy(installation.ctx, { chainId });
  expect(copy).toMatchObject({ plan, fileName: 'torn_day_1-repaired.jsonl' });
  expect(Buffer.from(await new Response(copy.stream).arrayBuffer()).equals(kept)).toBe(true);
  expect((await planChainRepair(installation.ctx, { chainId })).original).toEqual(described(torn));
});

it('finds nothing to repair in a log that is whole', async () => {
  const log = fixture('arbiter', 'valid');
  const { chainId } = await send('whole', log.subarray(0, -1));
  const plan = await planChainRepair(installation.ctx, { chainId });
  expect(plan).toMatchObject({
    needed: false,
    removed: null,
    original: described(log.subarray(0, -1)),
    repaired: plan.original,
  });
  await expect(openRepairedCopy(installation.ctx, { chainId })).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(
    planChainRepair(installation.ctx, { chainId: '019a0000-0000-7000-8000-000000000000' }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
