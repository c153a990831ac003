import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownTrust } from '../../attest/trust';
import { FORMATS } from '../../core/formats';
import { AuditChainSegment } from '../../core/statements/predicates/audit-chain-segment';
import type { Statement } from '../../core/statements/statement';
import { verifyBundle } from '../../core/statements/verify-bundle';
import { readObject } from '../../evidence/store';
import { ingestUpload } from '../../ingest/upload';
import { getChain } from '../../chains/chains';
import { listProblems } from '../../chains/problems';
import { testActor } from '../../testing/actor';
import { fixture, fixtureNames } from '../../testing/fixtures';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { stateLog } from './state-log';
import { verifyLogs } from './verify-logs';

let installation: TestInstallation;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-same-'));
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
});
afterAll(async () => {
  await installation?.stop();
  await rm(folder, { recursive: true });
});

async function* once(bytes: Uint8Array) {
  yield bytes;
}

async function statementOf(chainId: string): Promise<Statement> {
  const row = await installation.ctx.db
    .selectFrom('attestations')
    .selectAll()
    .where('chain_id', '=', chainId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  const { statement } = verifyBundle(
    JSON.parse((await readObject(installation.ctx.evidence, row.bundle_digest)).toString('utf8')),
    { trust: await ownTrust(installation.ctx, row) },
  );
  if (!statement) throw new Error('what the server signed verifies');
  return statement;
}

/** What a statement says of the bytes alone: not of times, names, rules, and what only a server saw. */
function comparable({ predicate }: Statement) {
  const {
    chain: _,
    rules: __,
    findings: ___,
    witnessedHeads: ____,
    verifiedAt: _____,
    attestedAt: ______,
    checkpoint: _______,
    inputAttestations: ________,
    ...rest
  } = AuditChainSegment.parse(predicate);
  return rest;
}

it.each(FORMATS.map(({ id }) => id))(
  'the command line says of every %s sample what the server says',
  async (format) => {
    const { ctx } = installation;
    const cases = await Promise.all(
      fixtureNames(format).map(async (name) => {
        const bytes = fixture(format, name);
        const file = path.join(folder, `${format}-${name}.jsonl`);
        await writeFile(file, bytes);
        const { chainId } = await ingestUpload(ctx, {
          fileName: name,
          chain: `${format} ${name}`,
          format,
          body: once(bytes),
          actor: testActor(),
        });
        return { file, chainId };
      }),
    );
    const found = cases.map(({ file }) => ({ kind: 'log' as const, file, sizeBytes: null }));
    const { outcomes } = await verifyLogs(found, {
      threads: 1,
      stdin: once(new Uint8Array(0)),
      referenceVerifier: 'small',
      format,
    });
    for (const { chainId } of cases) {
      const outcome = (await outcomes.next()).value;
      if (!outcome || !('log' in outcome)) throw new Error('every sample can be checked');
      const { verdict, records, sizeBytes, head, problemCounts, firstRecordedAt, lastRecordedAt, problems } =
        outcome.log;
      await installation.settled(chainId);
      expect(await getChain(ctx, { chainId })).toMatchObject({
        format,
        verdict,
        records,
        bytes: sizeBytes,
        head,
        problemCounts,
        firstRecordedAt,
        lastRecordedAt,
      });
      expect((await listProblems(ctx, { chainId, limit: 500 })).items).toEqual(await Array.fromAsync(problems()));
      expect(
        comparable(await stateLog(outcome.log, { file: outcome.file, hasher: ctx.hasher, now: new Date() })),
      ).toEqual(comparable(await statementOf(chainId)));
    }
    await outcomes.return(undefined);
  },
);
