import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditChainSegment } from '../core/statements/predicates/audit-chain-segment';
import type { Statement } from '../core/statements/statement';
import { appendRecords } from '../ingest/append-records';
import { sealChain } from '../ingest/seal-chain';
import { addSidecar } from '../ingest/sidecars';
import { ingestUpload } from '../ingest/upload';
import type { AttestationPolicy } from '../schemas/attestation-requests';
import { testActor } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { attestGeneration } from './attest-generation';
import { getAttestation, getBundle, listAttestations } from './attestations';
import { openExcerpt } from './excerpt';
import { getCoverage } from './policy/coverage';
import { runDuePolicies } from './policy/run-due-policies';
import { dropPolicy, policyOf, setPolicy } from './policy/policy';
import {
  requestChainAttestation,
  requestPeriodAttestation,
  supersedeAttestation,
} from './requests/request-attestation';
import { runDueRequests } from '../queue/run-due-requests';
import { listRequests } from './requests/list';
import { withdrawAttestation } from './withdraw';

const sample = (name: string) =>
  readFile(path.join(import.meta.dirname, '../core/formats', name.replace('/', '/fixtures/')));
const RUN = '3f2a9d1c-0001-4000-8000-000000000001';

let installation: TestInstallation;
let valid: string;
let tampered: string;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
  valid = await upload('valid', 'occasio/valid.jsonl');
  tampered = await upload('tampered', 'occasio/tampered.jsonl');
}, 120_000);
afterAll(() => installation.stop(), 60_000);

async function upload(chain: string, file: string): Promise<string> {
  const bytes = await sample(file);
  const { chainId } = await ingestUpload(installation.ctx, {
    fileName: path.basename(file),
    chain,
    body: (async function* () {
      yield bytes;
    })(),
    actor: testActor(),
  });
  await installation.settled(chainId);
  return chainId;
}
async function attestationOf(chainId: string) {
  const [row] = (await listAttestations(installation.ctx, { chainId, limit: 1 })).items;
  return getAttestation(installation.ctx, { attestationId: row?.id ?? '' });
}
const predicateOf = (detail: { statement: unknown }) => (detail.statement as Statement).predicate as AuditChainSegment; // its schema is checked where the bundle is
async function signed(outcome: ReturnType<typeof requestChainAttestation>) {
  const { attestation } = await outcome;
  if (!attestation) throw new Error('it waits');
  return getAttestation(installation.ctx, { attestationId: attestation.id });
}

it('attests each state of a chain, a broken one as broken, to policy engines too', async () => {
  for (const [chainId, verdict, result] of [
    [valid, 'verified', 'PASSED'],
    [tampered, 'tampered', 'FAILED'],
  ] as const) {
    const detail = await attestationOf(chainId);
    expect(detail.steps.every(({ status }) => status === 'passed')).toBe(true);
    expect(detail).toMatchObject({ verdict, scope: { kind: 'chain' }, requestedBy: 'policy' });
    expect(detail.bundles.map(({ label, holds }) => [label, holds])).toEqual([
      ['Audit chain', true],
      ['Verification summary', true],
      ['Rule run', true],
    ]);
    expect(detail.bundles[1]?.detail).toMatch(
      new RegExp(
        `^2 subjects; http://127\\.0\\.0\\.1:7325 says ${result} of http://127\\.0\\.0\\.1:7325/api/v1/segments/[0-9a-f]{64}/bytes$`,
      ),
    );
    const [file] = detail.subjects;
    expect(file).toEqual({
      name: `${verdict === 'verified' ? 'valid' : 'tampered'}.jsonl`,
      sha256: createHash('sha256')
        .update(await sample(`occasio/${verdict === 'verified' ? 'valid' : 'tampered'}.jsonl`))
        .digest('hex'),
    });
    expect(detail.subjects.at(-1)).toEqual({ name: `${detail.chain}/tree-head-228`, sha256: detail.tree?.rootHash });
    expect(predicateOf(detail).checkpoint).toMatch(new RegExp(`^127\\.0\\.0\\.1:7325/chains/${chainId}\n228\n`));
    expect(await getCoverage(installation.ctx, { chainId })).toMatchObject({
      records: 228,
      attestedRecords: 228,
      share: 1,
      oldestUncovered: null,
      waiting: 0,
    });
  }
});

it('says the same of the same twice, but for its times', async () => {
  const [first, second] = [
    await signed(
      requestChainAttestation(installation.ctx, { chainId: valid, scope: { kind: 'chain' }, actor: testActor('a') }),
    ),
    await signed(
      requestChainAttestation(installation.ctx, { chainId: valid, scope: { kind: 'chain' }, actor: testActor('b') }),
    ),
  ];
  const withoutTime = ({ statement }: { statement: unknown }) =>
    JSON.stringify(statement).replaceAll(/"attestedAt":"[^"]*"/g, '');
  expect(withoutTime(second)).toBe(withoutTime(first));
  expect(JSON.stringify(second.statement)).not.toBe(JSON.stringify(first.statement));
});

it('attests a range on its own, by the bytes of exactly its records', async () => {
  const lines = (await sample('occasio/tampered.jsonl')).toString('utf8').split('\n');
  for (const [first, last, verdict] of [
    [0, 49, 'verified'],
    [90, 110, 'tampered'],
    [227, 227, 'verified'],
  ] as const) {
    const detail = await signed(
      requestChainAttestation(installation.ctx, {
        chainId: tampered,
        scope: { kind: 'range', first, last },
        actor: testActor('a'),
      }),
    );
    expect(detail).toMatchObject({ verdict, firstRecord: first, lastRecord: last, records: last - first + 1 });
    expect(predicateOf(detail)).toMatchObject({ scope: { kind: 'range' }, chainVerdict: 'tampered', verdict });
    const bytes = await new Response((await openExcerpt(installation.ctx, { attestationId: detail.id })).stream).text();
    expect(bytes).toBe(`${lines.slice(first, last + 1).join('\n')}\n`);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(detail.subjects[0]?.sha256);
  }
});

it('cites what the guardrail itself attested, and what came of checking it', async () => {
  const chainId = await upload('with bundles', 'occasio/valid.jsonl');
  const run = await signed(
    requestChainAttestation(installation.ctx, { chainId, scope: { kind: 'run', run: RUN }, actor: testActor('a') }),
  );
  const { bytes } = await getBundle(installation.ctx, { attestationId: run.id, n: 3 });
  await addSidecar(installation.ctx, {
    chainId,
    fileName: 'attestation.sigstore.json',
    body: (async function* () {
      yield bytes;
    })(),
    actor: testActor(),
  });
  await installation.settled(chainId);
  const detail = await attestationOf(chainId);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  // Our own key signed it, which is no authority of Occasio's: it is cited as not proven.
  expect(predicateOf(detail).inputAttestations).toEqual([
    {
      name: 'attestation.sigstore.json',
      predicateType: 'https://github.com/occasiolabs/occasio/spec/agent-attestation/v1',
      digest: { sha256 },
      holds: null,
      detail: expect.stringContaining('fits the records'),
    },
  ]);
  const summary = await getBundle(installation.ctx, { attestationId: detail.id, n: 1 });
  expect(
    Buffer.from(JSON.parse(summary.bytes.toString('utf8')).dsseEnvelope.payload, 'base64').toString('utf8'),
  ).toContain(`"inputAttestations":[{"digest":{"sha256":"${sha256}"}`);
});

it('attests a run, and says of it what Occasio itself would', async () => {
  const detail = await signed(
    requestChainAttestation(installation.ctx, {
      chainId: valid,
      scope: { kind: 'run', run: RUN },
      actor: testActor('a'),
    }),
  );
  expect(detail).toMatchObject({ records: 227, firstRecord: 1, lastRecord: 227, verdict: 'verified' });
  expect(detail.bundles.map(({ label, holds }) => [label, holds])).toEqual([
    ['Audit chain', true],
    ['Verification summary', true],
    ['Rule run', true],
    ['Agent run', true],
  ]);
  expect(detail.bundles[3]?.detail).toContain(`run ${RUN} of claude-code made`);
  const inSession = (await sample('occasio/valid.jsonl'))
    .toString('utf8')
    .split('\n')
    .filter((line) => line.includes('"session_id":"sess-1"'));
  const session = await signed(
    requestChainAttestation(installation.ctx, {
      chainId: valid,
      scope: { kind: 'session', session: 'sess-1' },
      actor: testActor('a'),
    }),
  );
  expect(session).toMatchObject({ records: inSession.length });
  expect(await new Response((await openExcerpt(installation.ctx, { attestationId: session.id })).stream).text()).toBe(
    `${inSession.join('\n')}\n`,
  );
});

it('attests every run of a chain by itself, once, when its policy says so', async () => {
  const { ctx } = installation;
  await setPolicy(ctx, {
    chainId: null,
    policy: {
      onClose: true,
      onSeal: true,
      everyRecords: null,
      everyMinutes: null,
      predicates: ['agent-attestation'],
      alertAfterMinutes: null,
    },
    actor: testActor('owner'),
  });
  const chainId = await upload('by run', 'occasio/gap.jsonl');
  const runs = async () =>
    (await listAttestations(ctx, { chainId, limit: 100 })).items.flatMap(({ scope, verdict }) =>
      scope.kind === 'run' ? [[scope.run, verdict]] : [],
    );
  await expect.poll(runs, { timeout: 20_000 }).toEqual([[RUN, 'gap']]);
  await attestGeneration(ctx, { chainId, generation: 1 });
  expect(await runs()).toHaveLength(1);
  await ctx.db.deleteFrom('attestation_policies').execute();
});

it('says what cannot be attested, and leaves no request behind', async () => {
  const before = (await listRequests(installation.ctx, { limit: 100 })).items.length;
  await expect(
    requestChainAttestation(installation.ctx, {
      chainId: valid,
      scope: { kind: 'run', run: 'none' },
      actor: testActor('a'),
    }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(
    requestChainAttestation(installation.ctx, {
      chainId: valid,
      scope: { kind: 'range', first: 0, last: 228 },
      actor: testActor('a'),
    }),
  ).rejects.toMatchObject({ code: 'CONFLICT', details: { closedRecords: 228 } });
  await expect(
    requestPeriodAttestation(installation.ctx, {
      scope: { kind: 'period', from: '2020-01-01T00:00:00Z', to: '2020-02-01T00:00:00Z', chainIds: null },
      actor: testActor('a'),
    }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await listRequests(installation.ctx, { limit: 100 })).items).toHaveLength(before);
});

it('attests what all chains recorded in a period', async () => {
  const detail = await signed(
    requestPeriodAttestation(installation.ctx, {
      scope: { kind: 'period', from: '2026-05-01T00:00:00Z', to: '2026-06-01T00:00:00Z', chainIds: [valid, tampered] },
      actor: testActor('a'),
    }),
  );
  expect(detail).toMatchObject({ chainId: null, verdict: 'tampered', records: 456, tree: null });
  expect(detail.chains.map(({ chain, verdict, records }) => [chain, verdict, records])).toEqual([
    ['tampered', 'tampered', 228],
    ['valid', 'verified', 228],
  ]);
  expect(detail.steps.every(({ status }) => status === 'passed')).toBe(true);
  expect((await listAttestations(installation.ctx, { chainId: valid, limit: 1 })).items[0]?.id).toBe(detail.id);
});

it('covers nothing with what was withdrawn, and takes a new one in its place', async () => {
  const chainId = await upload('withdrawn', 'arbiter/valid.jsonl');
  const old = await attestationOf(chainId);
  expect(
    await withdrawAttestation(installation.ctx, {
      attestationId: old.id,
      reason: 'key lost',
      actor: testActor('owner'),
    }),
  ).toMatchObject({ withdrawn: { by: 'owner', reason: 'key lost' } });
  expect(
    await withdrawAttestation(installation.ctx, { attestationId: old.id, reason: 'again', actor: testActor('other') }),
  ).toMatchObject({ withdrawn: { by: 'owner', reason: 'key lost' } });
  expect(await getCoverage(installation.ctx, { chainId })).toMatchObject({
    attestedRecords: 0,
    oldestUncovered: { ordinal: 0 },
  });
  const anew = await signed(
    supersedeAttestation(installation.ctx, { attestationId: old.id, actor: testActor('owner') }),
  );
  expect(await getAttestation(installation.ctx, { attestationId: old.id })).toMatchObject({ supersededBy: anew.id });
  expect(await getCoverage(installation.ctx, { chainId })).toMatchObject({ share: 1 });
  await expect(
    supersedeAttestation(installation.ctx, { attestationId: old.id, actor: testActor('owner') }),
  ).rejects.toMatchObject({ code: 'CONFLICT' });
  const entries = await installation.ctx.db
    .selectFrom('log_entries')
    .select(['kind', 'entry'])
    .where('about', '=', old.id)
    .orderBy('index')
    .execute();
  expect(entries.map(({ kind }) => kind)).toEqual([
    'attestation',
    'attestation',
    'attestation',
    'revocation',
    'supersession',
  ]);
});

it('waits for a signing service that is away, says so, and signs when it is back', async () => {
  const { ctx } = installation;
  const requestId = (
    await ctx.db
      .insertInto('attestation_requests')
      .values({
        chain_id: valid,
        scope: JSON.stringify({ kind: 'chain' }),
        cause: 'demand',
        requested_by: 'x',
        requested_at: ctx.now(),
        next_try_at: new Date(ctx.now().getTime() + 3600_000),
        failure: 'fulcio: connection refused',
        attempts: 3,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
  ).id;
  expect((await listRequests(ctx, { chainId: valid, state: ['waiting'], limit: 10 })).items).toMatchObject([
    { id: requestId, failure: 'fulcio: connection refused', attempts: 3, state: 'waiting' },
  ]);
  expect(await getCoverage(ctx, { chainId: valid })).toMatchObject({ waiting: 1 });
  await runDueRequests(ctx, 'attestation_requests');
  expect((await listRequests(ctx, { chainId: valid, state: ['waiting'], limit: 10 })).items).toHaveLength(1);
  await ctx.db
    .updateTable('attestation_requests')
    .set({ next_try_at: ctx.now() })
    .where('id', '=', requestId)
    .execute();
  await runDueRequests(ctx, 'attestation_requests');
  await expect
    .poll(async () => (await listRequests(ctx, { chainId: valid, limit: 1 })).items[0]?.state, { timeout: 20_000 })
    .toBe('done');
});

it('signs what a worker that is gone had taken, when its lease has ended, and takes nothing from one that is at work', async () => {
  const { ctx } = installation;
  const chainId = await upload('taken over', 'arbiter/valid.jsonl');
  const { generation } = await ctx.db
    .selectFrom('chains')
    .select('generation')
    .where('id', '=', chainId)
    .executeTakeFirstOrThrow();
  await ctx.db.updateTable('attestations').set({ generation: 0 }).where('chain_id', '=', chainId).execute();
  const taken = (until: Date) =>
    ctx.db
      .updateTable('attestation_requests')
      .set({ state: 'waiting', attempts: 1, attestation_id: null, next_try_at: until })
      .where('chain_id', '=', chainId)
      .execute();
  const requests = async () => (await listRequests(ctx, { chainId, limit: 10 })).items;
  await taken(new Date(ctx.now().getTime() + 3600_000));
  await attestGeneration(ctx, { chainId, generation });
  await runDueRequests(ctx, 'attestation_requests');
  expect(await requests()).toMatchObject([{ state: 'waiting', attempts: 1 }]);
  await taken(ctx.now());
  await runDueRequests(ctx, 'attestation_requests');
  await expect.poll(requests, { timeout: 20_000 }).toMatchObject([{ state: 'done', attempts: 2 }]);
});

it('leaves a request that waits to its own time, whatever its policy asks for', async () => {
  const { ctx } = installation;
  const chainId = await upload('away', 'arbiter/valid.jsonl');
  await setPolicy(ctx, {
    chainId,
    policy: {
      onClose: false,
      onSeal: false,
      everyRecords: 1,
      everyMinutes: null,
      predicates: [],
      alertAfterMinutes: null,
    },
    actor: testActor('owner'),
  });
  await ctx.db
    .updateTable('attestations')
    .set({ generation: 0, withdrawn_at: ctx.now() })
    .where('chain_id', '=', chainId)
    .execute();
  await ctx.db
    .updateTable('attestation_requests')
    .set({
      state: 'waiting',
      attempts: 3,
      attestation_id: null,
      failure: 'fulcio: connection refused',
      next_try_at: new Date(ctx.now().getTime() + 3600_000),
    })
    .where('chain_id', '=', chainId)
    .execute();
  for (let beat = 0; beat < 3; beat += 1) await runDuePolicies(ctx);
  const { generation } = await ctx.db
    .selectFrom('chains')
    .select('generation')
    .where('id', '=', chainId)
    .executeTakeFirstOrThrow();
  await attestGeneration(ctx, { chainId, generation });
  expect((await listRequests(ctx, { chainId, limit: 10 })).items).toMatchObject([{ state: 'waiting', attempts: 3 }]);
});

it('signs once what many ask for at once, and has no more wait than a hundred', async () => {
  const { ctx } = installation;
  const requested = await Promise.all(
    Array.from({ length: 10 }, () =>
      requestChainAttestation(ctx, {
        chainId: valid,
        scope: { kind: 'range', first: 7, last: 9 },
        actor: testActor('a'),
      }),
    ),
  );
  expect(new Set(requested.map(({ attestation, request }) => attestation?.id ?? request?.id)).size).toBeLessThanOrEqual(
    2,
  );
  expect(
    await ctx.db
      .selectFrom('attestations')
      .select('id')
      .where('chain_id', '=', valid)
      .where('first_record', '=', 7)
      .where('last_record', '=', 9)
      .execute(),
  ).toHaveLength(1);
  const waits = {
    chain_id: valid,
    cause: 'demand' as const,
    requested_by: 'flood',
    requested_at: ctx.now(),
    next_try_at: new Date(ctx.now().getTime() + 3600_000),
  };
  await ctx.db
    .insertInto('attestation_requests')
    .values(
      Array.from({ length: 100 }, (_, first) => ({
        ...waits,
        scope: JSON.stringify({ kind: 'range', first, last: 200 }),
      })),
    )
    .execute();
  await expect(
    requestChainAttestation(ctx, {
      chainId: valid,
      scope: { kind: 'range', first: 8, last: 9 },
      actor: testActor('a'),
    }),
  ).rejects.toMatchObject({ code: 'BUSY', details: { limit: 100 } });
  expect(
    (
      await requestChainAttestation(ctx, {
        chainId: valid,
        scope: { kind: 'range', first: 8, last: 200 },
        actor: testActor('a'),
      })
    ).request,
  ).toMatchObject({ requestedBy: 'flood', state: 'waiting' });
  await ctx.db.deleteFrom('attestation_requests').where('requested_by', '=', 'flood').execute();
});

it('attests a growing chain by number, by age and on seal, as its policy says', async () => {
  const { ctx } = installation;
  const lines = (await sample('occasio/valid.jsonl')).toString('utf8').trimEnd().split('\n');
  const policy: AttestationPolicy = {
    onClose: false,
    onSeal: true,
    everyRecords: 100,
    everyMinutes: null,
    predicates: ['svr'],
    alertAfterMinutes: 1,
  };
  const append = (from: number, to: number) =>
    appendRecords(ctx, {
      chain: 'policed',
      bytes: Buffer.from(`${lines.slice(from, to).join('\n')}\n`),
      precondition: {
        kind: 'offset',
        offset: Buffer.byteLength(from === 0 ? '' : `${lines.slice(0, from).join('\n')}\n`),
      },
      idempotency: null,
      actor: testActor(),
    });
  const { chainId } = await append(0, 10);
  await setPolicy(ctx, { chainId, policy, actor: testActor('owner') });
  expect(await policyOf(ctx, { chainId })).toMatchObject({ ...policy, isOwn: true, changedBy: 'owner' });

  await runDuePolicies(ctx);
  expect(await getCoverage(ctx, { chainId })).toMatchObject({
    records: 10,
    attestedRecords: 0,
    oldestUncovered: { ordinal: 0 },
    isOverdue: false,
  });
  await append(10, 120);
  await runDuePolicies(ctx);
  await expect
    .poll(() => getCoverage(ctx, { chainId }), { timeout: 20_000 })
    .toMatchObject({ records: 120, attestedRecords: 120 });
  const [request] = (await listRequests(ctx, { chainId, limit: 1 })).items;
  expect(request).toMatchObject({ cause: 'records', requestedBy: 'policy', state: 'done' });
  expect((await attestationOf(chainId)).bundles.map(({ label }) => label)).toEqual([
    'Audit chain',
    'Verification result',
  ]);

  await append(120, 130);
  const opened = await ctx.db
    .updateTable('tails')
    .set({ opened_at: new Date(ctx.now().getTime() - 5 * 60_000) })
    .where('chain_id', '=', chainId)
    .returning('chain_id')
    .execute();
  expect(opened).toHaveLength(1);
  expect(await getCoverage(ctx, { chainId })).toMatchObject({ isOverdue: true, oldestUncovered: { ordinal: 120 } });
  await runDuePolicies(ctx);
  expect(await getCoverage(ctx, { chainId })).toMatchObject({ attestedRecords: 120 });
  await sealChain(ctx, { chainId, actor: testActor('owner') });
  await expect
    .poll(() => getCoverage(ctx, { chainId }), { timeout: 20_000 })
    .toMatchObject({ records: 130, attestedRecords: 130, isOverdue: false });
  expect((await listRequests(ctx, { chainId, limit: 1 })).items).toMatchObject([{ cause: 'seal' }]);
  expect(await dropPolicy(ctx, { chainId, actor: testActor() })).toMatchObject({ isOwn: false, onClose: true });
});
