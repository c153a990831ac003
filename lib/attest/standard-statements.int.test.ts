import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSegmentChecker } from '../core/chain/check-segment';
import { joinSegments } from '../core/chain/join';
import type { FormatId } from '../core/chain/format';
import { AppError } from '../core/errors';
import { FORMATS, formatById } from '../core/formats';
import { passes, standingOf } from '../core/statements/standing';
import { Statement } from '../core/statements/statement';
import { excessSubjects, favourOf } from '../core/statements/subjects-in-scope';
import { segmentsOf } from '../db/chains';
import { readObject } from '../evidence/store';
import { appendRecords } from '../ingest/append-records';
import { closeTail } from '../ingest/close-tail';
import { ingestUpload } from '../ingest/upload';
import type { ChainScope } from '../schemas/attestation-requests';
import { testActor } from '../testing/actor';
import { fixture, fixtureNames } from '../testing/fixtures';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { mutate, mutations } from '../testing/mutate';
import { getAttestation } from './attestations';
import { coveredBy } from './covered';
import { draftChain } from './draft';
import { openExcerpt } from './excerpt';
import { setPolicy } from './policy/policy';
import { readRanges } from './read-ranges';
import { requestChainAttestation, requestPeriodAttestation } from './requests/request-attestation';

const STANDARD = /^https:\/\/(slsa\.dev\/verification_summary|in-toto\.io\/attestation\/(svr|test-result))\//;
const SEED = 20_261_128;

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
  await setPolicy(installation.ctx, {
    chainId: null,
    policy: {
      onClose: false,
      onSeal: false,
      everyRecords: null,
      everyMinutes: null,
      predicates: ['vsa', 'svr', 'test-result'],
      alertAfterMinutes: null,
    },
    actor: testActor(),
  });
}, 120_000);
afterAll(() => installation.stop(), 60_000);

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Resolves when the chain as it stands is verified, loaded and searched: nothing is attested here unless it is asked for. */
async function searched(chainId: string): Promise<void> {
  const isDone = async () =>
    (
      await installation.ctx.db
        .selectFrom('chains')
        .select((eb) => eb(eb.ref('detected_generation'), '=', eb.ref('generation')).as('done'))
        .where('id', '=', chainId)
        .where('verdict', '!=', 'pending')
        .executeTakeFirst()
    )?.done;
  await expect.poll(isDone, { timeout: 200_000, interval: 100 }).toBe(true);
}

/** Null when it is refused at the door. */
async function upload(chain: string, bytes: Uint8Array, format: FormatId): Promise<string | null> {
  try {
    const { chainId } = await ingestUpload(installation.ctx, {
      fileName: 'audit.jsonl',
      chain,
      format,
      body: (async function* () {
        yield bytes;
      })(),
      actor: testActor(),
    });
    await searched(chainId);
    return chainId;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** The chain, a part of it that no problem is placed in, one that holds the first problem, and a session or a run. */
async function scopesOf(chainId: string): Promise<ChainScope[]> {
  const rows = await installation.ctx.lake.query({
    query: `SELECT max(ordinal) AS last, any(session_id) AS session, any(run_id) AS run, minIf(ordinal, integrity != 'ok') AS bad, count() AS records FROM events WHERE chain_id = {chainId: UUID}`,
    query_params: { chainId },
    format: 'JSONEachRow',
  });
  const [found] = await rows.json<{ last: string; session: string; run: string; bad: string; records: string }>();
  if (!found || Number(found.records) === 0) return [{ kind: 'chain' }];
  const [last, bad] = [Number(found.last), Number(found.bad)];
  const range = (from: number, to: number): ChainScope => ({
    kind: 'range',
    first: Math.max(0, Math.min(from, last)),
    last: Math.max(0, Math.min(to, last)),
  });
  const picked: ChainScope[] =
    found.session !== ''
      ? [{ kind: 'session', session: found.session }]
      : found.run !== ''
        ? [{ kind: 'run', run: found.run }]
        : [];
  return [
    { kind: 'chain' },
    bad > 0 ? range(0, bad - 1) : range(Math.ceil(last / 2), last),
    range(bad - 1, bad + 1),
    ...picked,
  ];
}

/** Whether bytes hold by the engine, which parses every record; `isPicked`: its records need not follow one another. */
function holds(bytes: Uint8Array, formatId: FormatId, isPicked: boolean): boolean {
  const format = formatById(formatId);
  const checker = createSegmentChecker(format, installation.ctx.hasher, { parseEveryRecord: true });
  checker.push(bytes);
  const joined = joinSegments(format, [checker.end().check], [], { continues: true });
  return isPicked
    ? joined.records === joined.validRecords && !standingOf('verified', joined.problemCounts).hasUncovered
    : passes(standingOf(joined.verdict, joined.problemCounts));
}

/** What would be signed of a scope, held against the bytes of each of its subjects. @returns what each standard statement says in favour of them. */
async function examine(
  chainId: string,
  format: FormatId,
  scope: ChainScope,
  whole: Uint8Array,
): Promise<(string | null)[]> {
  const { ctx } = installation;
  const { statements } = await draftChain(
    ctx,
    { attestationId: '0197f000-0000-7000-8000-000000000000', chainId, scope, generation: null },
    ctx.now(),
  );
  return heldAgainst(statements, await excerptOf(chainId, scope), { format, scope, whole });
}

/** The bytes of exactly the records of a scope. */
async function excerptOf(chainId: string, scope: ChainScope): Promise<Buffer> {
  const { ctx } = installation;
  const { excerpt, segments } = await coveredBy(ctx, chainId, scope, await segmentsOf(ctx.db, chainId));
  if (!excerpt) return Buffer.concat(await Promise.all(segments.map(({ digest }) => readObject(ctx.evidence, digest))));
  return Buffer.concat(await Array.fromAsync(readRanges(ctx.evidence, segments, excerpt.ranges)));
}

async function heldAgainst(
  statements: readonly Statement[],
  excerpt: Buffer,
  { format, scope, whole }: { format: FormatId; scope: ChainScope; whole: Uint8Array },
): Promise<(string | null)[]> {
  const said: (string | null)[] = [];
  for (const statement of statements.filter(({ predicateType }) => STANDARD.test(predicateType))) {
    const favour = favourOf(statement);
    said.push(favour);
    expect(excessSubjects(statement)).toBeNull();
    const files = statement.subject.filter(({ annotations }) => annotations?.tree === undefined);
    expect(files[0]?.digest.sha256).toBe(sha256(excerpt));
    if (scope.kind !== 'chain') expect(statement.subject).toHaveLength(1);
    for (const { digest } of files) {
      const bytes =
        digest.sha256 === sha256(excerpt) ? excerpt : await readObject(installation.ctx.evidence, digest.sha256 ?? '');
      if (favour === null) continue;
      expect(
        holds(bytes, format, scope.kind === 'session' || scope.kind === 'run'),
        `${JSON.stringify(scope)} says ${favour} of ${digest.sha256 ?? ''}`,
      ).toBe(true);
      // The file as it was given, by whatever name: it holds, or it is no subject.
      if (digest.sha256 === sha256(whole)) expect(holds(whole, format, false)).toBe(true);
    }
    if (statement.predicateType.includes('verification_summary'))
      expect(statement.predicate).toMatchObject({
        verifier: { id: 'http://127.0.0.1:7325' },
        resourceUri: expect.stringMatching(
          /^http:\/\/127\.0\.0\.1:7325\/api\/v1\/(segments\/[0-9a-f]{64}\/bytes|attestations\/[0-9a-f-]{36}\/records)$/,
        ),
      });
  }
  expect(said.length).toBe(3);
  // All three go by one standing: they pass together, or none does but for what rules found.
  expect(said[0] === null).toBe(said[1] === null);
  if (said[0] === null) expect(said[2]).toBeNull();
  return said;
}

/** The same of what is signed, by the bytes that can be downloaded. */
async function examineSigned(
  chainId: string,
  format: FormatId,
  scope: ChainScope,
  whole: Uint8Array,
): Promise<(string | null)[]> {
  const { ctx } = installation;
  const { attestation } = await requestChainAttestation(ctx, { chainId, scope, actor: testActor() });
  if (!attestation) throw new Error('it waits');
  const { id, bundles } = await getAttestation(ctx, { attestationId: attestation.id });
  for (const bundle of bundles) expect(bundle).toMatchObject({ holds: true, namesTooMuch: false });
  const statements = await Promise.all(
    bundles.map(async (bundle) => {
      const json = JSON.parse((await readObject(ctx.evidence, bundle.sha256)).toString('utf8')) as {
        dsseEnvelope: { payload: string };
      }; // signed a moment ago
      return Statement.parse(JSON.parse(Buffer.from(json.dsseEnvelope.payload, 'base64').toString('utf8')));
    }),
  );
  return heldAgainst(
    statements,
    Buffer.from(await new Response((await openExcerpt(ctx, { attestationId: id })).stream).arrayBuffer()),
    { format, scope, whole },
  );
}

type Log = { name: string; format: FormatId; bytes: Uint8Array };
const FIXTURES: Log[] = FORMATS.flatMap(({ id }) =>
  fixtureNames(id).map((name) => ({ name: `${id}/${name}`, format: id, bytes: fixture(id, name) })),
);
const CHANGED: Log[] = fc.sample(mutations(3), { seed: SEED, numRuns: 15 }).map((changes, n) => {
  const { id } = FORMATS[n % FORMATS.length] ?? { id: 'occasio' as const };
  return {
    name: `${id}, changed: ${JSON.stringify(changes)}`,
    format: id,
    bytes: changes.reduce(mutate, new Uint8Array(fixture(id, 'valid'))),
  };
});

it.each([
  ['real logs', FIXTURES],
  ['logs that were changed in ways nobody thought of', CHANGED],
])(
  'no subject of a statement in its favour does not hold, whatever part is asked for: %s',
  async (kind, logs) => {
    const chains = await Promise.all(
      logs.map(async (log, n) => ({ ...log, chainId: await upload(`${kind} ${n}`, log.bytes, log.format) })),
    );
    const said = { for: 0, nothing: 0 };
    for (const { name, chainId, format, bytes } of chains) {
      if (chainId === null) continue;
      for (const scope of await scopesOf(chainId)) {
        const favours = await examine(chainId, format, scope, bytes).catch((error: unknown) => {
          throw new Error(`${name}, ${JSON.stringify(scope)}`, { cause: error });
        });
        said[favours[0] === null ? 'nothing' : 'for'] += 1;
      }
    }
    // Both kinds were tried, or it shows nothing.
    expect(said.for).toBeGreaterThan(logs.length / 2);
    expect(said.nothing).toBeGreaterThan(logs.length / 2);
  },
  400_000,
);

it('passes what holds beside what does not, and nothing of a chain that was tampered with as a whole', async () => {
  const bytes = fixture('occasio', 'tampered');
  const chainId = await upload('tampered at 99', bytes, 'occasio');
  if (chainId === null) throw new Error('it was refused');
  const says = async (scope: ChainScope) => (await examineSigned(chainId, 'occasio', scope, bytes))[0] ?? null;
  expect(await says({ kind: 'range', first: 0, last: 50 })).toBe('PASSED');
  expect(await says({ kind: 'range', first: 90, last: 110 })).toBeNull();
  expect(await says({ kind: 'chain' })).toBeNull();
});

it('fails the statements on a range whose problems are too many to be placed', async () => {
  const lines = fixture('occasio', 'valid').toString().trimEnd().split('\n');
  const repeated = Array.from({ length: 60 }, () => lines.slice(1)).flat();
  const bytes = Buffer.from(
    `${[...lines, ...repeated.map((line) => line.replace('"ts":"2026', '"ts":"2025'))].join('\n')}\n`,
  );
  const chainId = await upload('too many', bytes, 'occasio');
  if (chainId === null) throw new Error('it was refused');
  const last = lines.length + repeated.length - 1;
  for (const range of [
    { first: last - 5, last },
    { first: last, last },
  ])
    expect(await examineSigned(chainId, 'occasio', { kind: 'range', ...range }, bytes)).toEqual([null, null, null]);
});

it('names a chain of several segments by its bytes as one file, which can be had', async () => {
  const { ctx } = installation;
  const bytes = fixture('occasio', 'valid');
  const tampered = fixture('occasio', 'tampered');
  const cut = bytes.indexOf('\n', bytes.length / 3) + 1;
  for (const [chain, whole, says] of [
    ['in pieces', bytes, 'PASSED'],
    ['in bad pieces', tampered, null],
  ] as const) {
    let chainId = '';
    for (const piece of [whole.subarray(0, cut), whole.subarray(cut)]) {
      ({ chainId } = await appendRecords(ctx, {
        chain,
        bytes: piece,
        precondition: { kind: 'offset', offset: piece.byteOffset - whole.byteOffset },
        idempotency: null,
        actor: testActor(),
      }));
      await closeTail(ctx, { chainId, actor: testActor() });
      await searched(chainId);
    }
    const said = await examineSigned(chainId, 'occasio', { kind: 'chain' }, whole);
    expect(said[0]).toBe(says);
    expect((await examineSigned(chainId, 'occasio', { kind: 'range', first: 0, last: 20 }, whole))[0]).toBe('PASSED');
  }
});

it('states a period by our own predicate alone, each chain with its verdict', async () => {
  const { attestation } = await requestPeriodAttestation(installation.ctx, {
    scope: { kind: 'period', from: '2020-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z', chainIds: null },
    actor: testActor(),
  });
  if (!attestation) throw new Error('it waits');
  const { bundles } = await getAttestation(installation.ctx, { attestationId: attestation.id });
  expect(bundles.map(({ label }) => label)).toEqual(['Audit period']);
});
