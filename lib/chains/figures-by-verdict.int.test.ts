import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requestChainAttestation } from '../attest/requests/request-attestation';
import { withdrawAttestation } from '../attest/withdraw';
import { recordDamage, recordIntact } from '../db/evidence-damage';
import { appendRecords } from '../ingest/append-records';
import { ingestUpload } from '../ingest/upload';
import { testActor } from '../testing/actor';
import { toBytes, writers } from '../testing/chains';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { figuresByVerdict } from './figures-by-verdict';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
}, 60_000);
afterAll(() => installation.stop());

const lines = (records: number, note: string) =>
  writers(installation.ctx.hasher).arbiter.write(
    Array.from({ length: records }, (_, n) => ({ tool: 'bash', decision: 'allow' as const, note: `${note} ${n}` })),
  );
const figures = async () => Object.fromEntries(await figuresByVerdict(installation.ctx.db));
const send = async (chain: string, bytes: Buffer) => {
  const sent = { fileName: `${chain}.jsonl`, chain, body: Readable.from([bytes]), actor: testActor() };
  const { chainId } = await ingestUpload(installation.ctx, sent);
  await installation.settled(chainId);
  return chainId;
};

it('follows what comes in, what is signed and withdrawn, and what is damaged', async () => {
  const { ctx } = installation;
  const log = lines(9, 'sent');
  const chainId = await send('sent', toBytes(log.slice(0, 6)));
  expect(await figures()).toEqual({ verified: { chains: 1, records: 6, attested: 6 } });

  await send('altered', Buffer.from(toBytes(lines(4, 'altered')).toString().replace('altered 2', 'another 2')));
  expect(await figures()).toEqual({
    verified: { chains: 1, records: 6, attested: 6 },
    tampered: { chains: 1, records: 4, attested: 4 },
  });

  await appendRecords(ctx, {
    chain: 'open',
    bytes: toBytes(lines(3, 'open')),
    precondition: { kind: 'lines' },
    idempotency: null,
    actor: testActor(),
  });
  expect((await figures())['verified']).toEqual({ chains: 2, records: 9, attested: 6 });

  await send('sent', toBytes(log));
  expect((await figures())['verified']).toEqual({ chains: 2, records: 12, attested: 9 });

  const standing = await ctx.db
    .selectFrom('attestation_chains as l')
    .innerJoin('attestations as a', 'a.id', 'l.attestation_id')
    .where('l.chain_id', '=', chainId)
    .where('a.withdrawn_at', 'is', null)
    .select('a.id')
    .execute();
  for (const { id } of standing)
    await withdrawAttestation(ctx, { attestationId: id, reason: 'a test', actor: testActor() });
  expect((await figures())['verified']).toEqual({ chains: 2, records: 12, attested: 0 });
  await requestChainAttestation(ctx, { chainId, scope: { kind: 'chain' }, actor: testActor() });
  expect((await figures())['verified']).toEqual({ chains: 2, records: 12, attested: 9 });

  const { digest } = await ctx.db
    .selectFrom('chain_segments')
    .select('digest')
    .where('chain_id', '=', chainId)
    .limit(1)
    .executeTakeFirstOrThrow();
  await recordDamage(ctx.db, digest, 'altered', ctx.now());
  expect(await figures()).toEqual({
    verified: { chains: 1, records: 3, attested: 0 },
    tampered: { chains: 1, records: 4, attested: 4 },
    damaged: { chains: 1, records: 9, attested: 9 },
  });
  await recordIntact(ctx.db, digest, ctx.now());
  expect((await figures())['verified']).toEqual({ chains: 2, records: 12, attested: 9 });
}, 120_000);
