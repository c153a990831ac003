import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyRecordProof } from '../../core/merkle/verify-record-proof';
import { formatRecordProof } from '../../core/merkle/record-proof';
import { occasioLog } from '../../ingest/sample/occasio-log';
import { createRandom } from '../../ingest/sample/random';
import { ingestUpload } from '../../ingest/upload';
import { testActor } from '../../testing/actor';
import { toBytes } from '../../testing/chains';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { requestChainAttestation } from '../requests/request-attestation';
import { currentSigner } from '../signers';
import { ownTrust } from '../trust';
import { treeHead } from './chain-tree';
import { proveRecord } from './prove-record';

const RECORDS = 1_000_000;
const PARTS = 10;
const PROOFS = 100;
const SETTLE_MS = 600_000;

let installation: TestInstallation;
let chainId: string;
beforeAll(async () => {
  installation = await startInstallation();
  await installation.work();
  const body = (async function* () {
    // Ten genuine chains, one after another: the chain is broken nine times, which its tree does not mind.
    const lines = occasioLog(createRandom(3), installation.ctx.hasher, Date.UTC(2026, 4, 11), {
      agent: 'bench',
      calls: RECORDS / PARTS,
    });
    const bytes = toBytes(lines);
    for (let part = 0; part < PARTS; part += 1) yield bytes;
  })();
  ({ chainId } = await ingestUpload(installation.ctx, {
    fileName: 'bench.jsonl',
    chain: 'bench',
    format: 'occasio',
    body,
    actor: testActor('bench'),
  }));
  for (const untilMs = Date.now() + SETTLE_MS; Date.now() < untilMs && !(await settled()); );
}, SETTLE_MS);
/** Loading a million records takes longer than most tests wait. */
const settled = () =>
  installation.settled(chainId).then(
    () => true,
    () => false,
  );
afterAll(() => installation?.stop(), 60_000);

test('a tree over 1 M records, and proofs of single ones', { timeout: SETTLE_MS }, async () => {
  const { ctx } = installation;
  const { n } = await ctx.db
    .selectFrom('segment_trees')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  const made: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    await ctx.db.deleteFrom('segment_trees').execute();
    const startedMs = performance.now();
    expect((await treeHead(ctx, { chainId, records: RECORDS })).size).toBe(RECORDS);
    made.push(performance.now() - startedMs);
  }
  const signed: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    await ctx.db.deleteFrom('segment_trees').execute();
    signed.push(
      await timed(async () =>
        expect(
          (await requestChainAttestation(ctx, { chainId, scope: { kind: 'chain' }, actor: testActor('bench') }))
            .attestation,
        ).not.toBeNull(),
      ),
    );
  }
  const headMs = await timed(() => treeHead(ctx, { chainId, records: RECORDS }));
  const waits: number[] = [];
  let file = '';
  for (let proof = 0; proof < PROOFS; proof += 1) {
    const startedMs = performance.now();
    file = formatRecordProof(
      (await proveRecord(ctx, { chainId, ordinal: Math.floor((proof / PROOFS) * RECORDS) })).proof,
    );
    waits.push(performance.now() - startedMs);
  }
  const given = {
    trust: await ownTrust(ctx, {
      key_hint: (await currentSigner(ctx)).keyHint,
      signed_by: null,
      signed_by_issuer: null,
    }),
    checkpointKeys: [],
  };
  const checkMs = await timed(async () => expect(verifyRecordProof(JSON.parse(file), given).ok).toBe(true));
  const sorted = waits.toSorted((a, b) => a - b);
  const ms = (value: number | undefined) => `${(value ?? 0).toFixed(1)} ms`;
  process.stdout.write(
    [
      `tree over ${RECORDS.toLocaleString('en')} records in ${n} segments: ${made.map(ms).join(', ')}`,
      `statements, tree and signatures: ${signed.map(ms).join(', ')}`,
      `head when the segments' parts are on record: ${ms(headMs)}`,
      `proof of one record: p50 ${ms(sorted[PROOFS / 2])}, p95 ${ms(sorted[Math.floor(PROOFS * 0.95)])}, most ${ms(sorted.at(-1))}; ${file.length.toLocaleString('en')} bytes, checked in ${ms(checkMs)}`,
      '',
    ].join('\n'),
  );
});

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await run();
  return performance.now() - startedMs;
}
