import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildVerifier } from '@/workers/build.mjs';
import { parseVerifierKey } from '../core/merkle/signed-note';
import { parseCheckpoint, requireSignature } from '../core/merkle/checkpoint';
import { EvidencePackage as Predicate } from '../core/statements/predicates/evidence-package';
import { TestResult } from '../core/statements/predicates/test-result';
import { VerificationSummary } from '../core/statements/predicates/verification-summary';
import { verifyBundle } from '../core/statements/verify-bundle';
import { requestChainAttestation } from '../attest/requests/request-attestation';
import { catalog } from '../detect/catalog';
import { switchRule } from '../detect/own-rules/switch-rule';
import { loadSampleData } from '../ingest/sample-data';
import { ingestUpload } from '../ingest/upload';
import type { PackageOf } from '../schemas/packages';
import { testActor } from '../testing/actor';
import { catalogRules } from '../testing/catalog';
import { unmetSteps } from '../testing/checks';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { unpack } from '../testing/unpack';
import { makePackage } from './make-package';
import { openPackage } from './open-package';
import { requestPackage, getPackage, listPackages } from './packages';

const FIXTURES = path.join(import.meta.dirname, '../core/formats');

let installation: TestInstallation;
let folder: string;
let valid: string;
let tampered: string;
beforeAll(async () => {
  await buildVerifier();
  folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-package-'));
  installation = await startInstallation();
  await installation.work();
  valid = await upload('valid, "quoted" | ü', 'occasio/valid.jsonl');
  tampered = await upload('tampered', 'occasio/tampered.jsonl');
}, 180_000);
afterAll(async () => {
  await installation.stop();
  await rm(folder, { recursive: true });
}, 60_000);

async function upload(chain: string, file: string): Promise<string> {
  const bytes = await readFile(path.join(FIXTURES, file.replace('/', '/fixtures/')));
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

async function made(of: PackageOf): Promise<{ id: string; files: Map<string, Buffer>; zip: Buffer }> {
  const { id } = await requestPackage(installation.ctx, { of, actor: testActor('auditor') });
  await expect
    .poll(async () => (await getPackage(installation.ctx, { packageId: id })).state, { timeout: 60_000 })
    .not.toBe('waiting');
  expect(await getPackage(installation.ctx, { packageId: id })).toMatchObject({ state: 'done', failure: null });
  const zip = await download(id);
  return { id, zip, files: await unpack(zip) };
}
const download = async (packageId: string) =>
  Buffer.from(await new Response((await openPackage(installation.ctx, { packageId })).stream).arrayBuffer());

const sha256 = (bytes: Buffer | undefined) =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');
const text = (files: Map<string, Buffer>, name: string) => files.get(name)?.toString('utf8') ?? '';

/** What an auditor does who has nothing but the files, of which these are `gone`. */
function check(files: Map<string, Buffer>, gone: readonly string[] = []): Predicate {
  const manifest = text(files, 'MANIFEST.sha256')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('  '));
  expect(manifest.map(([, name]) => name)).toEqual(
    [...files.keys()].filter((name) => !name.startsWith('MANIFEST')).toSorted(),
  );
  for (const [digest, name] of manifest) expect([name, sha256(files.get(name ?? ''))]).toEqual([name, digest]);
  const keys = [...files]
    .filter(([name]) => /^keys\/.*\.pem$/.test(name))
    .map(([name, pem]) => ({ hint: name.slice('keys/'.length, -'.pem'.length), publicKeyPem: pem.toString('utf8') }));
  const bundle: { verificationMaterial: { publicKey: { hint: string } } } = JSON.parse(
    text(files, 'MANIFEST.sha256.sigstore.json'),
  );
  const { hint } = bundle.verificationMaterial.publicKey;
  const trust = {
    keys: keys.map((key) => ({ ...key, hint })),
    trustedRoot: null,
    identities: [],
    require: { logEntries: 0, timestamps: 0 },
  };
  const checked = verifyBundle(bundle, { trust, subjectSha256: sha256(files.get('MANIFEST.sha256')) });
  expect(unmetSteps(checked)).toEqual([]);
  const subjects = new Set([...files.values()].map((bytes) => sha256(bytes)));
  for (const [name, bytes] of files) {
    if (!name.startsWith('bundles/')) continue;
    const { ok, statement } = verifyBundle(JSON.parse(bytes.toString('utf8')), { trust });
    expect([name, ok]).toEqual([name, true]);
    expect(text(files, name.replace('bundles/', 'statements/').replace('.sigstore.json', '.json'))).toBe(
      Buffer.from(JSON.parse(bytes.toString('utf8')).dsseEnvelope.payload, 'base64').toString('utf8'),
    );
    expect(statement?.subject.some(({ digest }) => subjects.has(digest.sha256 ?? ''))).toBe(true);
    // What a test result or a summary commits to is here: every rule that ran, and the policy.
    const committed = [
      ...(TestResult.safeParse(statement?.predicate).data?.configuration ?? []),
      VerificationSummary.safeParse(statement?.predicate).data?.policy,
    ].flatMap((named) => named?.digest?.sha256 ?? []);
    expect(committed.filter((digest) => !subjects.has(digest) && !gone.includes(digest))).toEqual([]);
  }
  return Predicate.parse(checked.statement?.predicate);
}

it('packs a chain with everything it takes to check it', async () => {
  const { id, files, zip } = await made({ kind: 'chain', chainId: tampered });
  const predicate = check(files);
  expect(predicate).toMatchObject({
    package: { id, about: 'chain "tampered" as it was last attested' },
    chains: [{ name: 'tampered', verdict: 'tampered' }],
  });
  expect(predicate.files).toBe(files.size - 2);
  expect([...files.keys()].filter((name) => name.startsWith('segments/'))).toHaveLength(1);
  expect(sha256(files.get([...files.keys()].find((name) => name.startsWith('segments/')) ?? ''))).toBe(
    sha256(await readFile(path.join(FIXTURES, 'occasio/fixtures/tampered.jsonl'))),
  );
  expect(text(files, 'README.md')).toContain('| tampered | tampered | **no** |');
  expect(files.get('verify.html')?.length).toBeGreaterThan(100_000);
  expect([...files.keys()].filter((name) => name.startsWith('rules/'))).toHaveLength(catalogRules().length);
  const chain: { problems: unknown[]; segments: unknown[]; heads: unknown[] } = JSON.parse(
    text(files, [...files.keys()].find((name) => name.startsWith('chains/')) ?? ''),
  );
  expect([chain.problems.length, chain.segments.length, chain.heads.length]).toEqual([1, 1, 0]);
  const origin = requireSignature(
    parseCheckpoint(text(files, 'log/checkpoint')).note,
    parseVerifierKey(text(files, 'keys/log.vkey').trim()),
  );
  expect(origin).toBeDefined();
  expect([...files.keys()].filter((name) => name.endsWith('.tlog-proof'))).toHaveLength(3);
  expect((await download(id)).equals(zip)).toBe(true);
  expect((await listPackages(installation.ctx, { limit: 10 })).items[0]).toMatchObject({
    id,
    verdict: 'tampered',
    chains: ['tampered'],
    files: files.size,
  });
  expect(
    await installation.ctx.db.selectFrom('log_entries').select('about').where('kind', '=', 'package').execute(),
  ).toEqual([{ about: sha256(files.get('MANIFEST.sha256')) }]);
});

it('packs what was found, with the rules as they ran', async () => {
  await loadSampleData(installation.ctx, { actor: testActor() });
  const { id: chainId } = await installation.ctx.db
    .selectFrom('chains')
    .select('id')
    .where('name', '=', 'sample/data-pipeline')
    .executeTakeFirstOrThrow();
  await installation.settled(chainId);
  const { files } = await made({ kind: 'chain', chainId });
  check(files);
  const findings: { title: string; ruleId: string; ruleDigest: string; records: unknown[] }[] = JSON.parse(
    text(files, 'findings.json'),
  );
  expect(findings.toSorted((a, b) => (a.title < b.title ? -1 : 1))).toMatchObject([
    { title: 'An agent is refused far more often than before', recordCount: 9 },
    { title: 'Burst of denied tool calls in one session', recordCount: 9 },
  ]);
  for (const { records, ruleId, ruleDigest } of findings) {
    expect(records).toHaveLength(9);
    expect(sha256(files.get(`rules/${ruleId}.yml`))).toBe(ruleDigest);
  }
});

it('packs no text of a rule that was altered in the database, and says whose is not as it was', async () => {
  const { db } = installation.ctx;
  const texts = await db.selectFrom('rule_texts').selectAll().execute();
  const [disabled] = await catalog(installation.ctx);
  if (!disabled) throw new Error('rules ship');
  await switchRule(installation.ctx, { ruleId: disabled.id, isEnabled: false, actor: testActor() });
  await db
    .updateTable('rule_texts')
    .set({ yaml: (eb) => eb(eb.ref('yaml'), '||', '# altered') })
    .execute();
  try {
    const { files } = await made({ kind: 'chain', chainId: tampered });
    check(files, [disabled.digest]);
    const packed = [...files].flatMap(([name, bytes]) => (name.startsWith('rules/') ? [sha256(bytes)] : []));
    expect(packed.toSorted()).toEqual(
      texts
        .map(({ digest }) => digest)
        .filter((digest) => digest !== disabled.digest)
        .toSorted(),
    );
    expect(text(files, 'README.md')).toContain(`not kept any more, or not as it was: SHA-256 ${disabled.digest} |`);
  } finally {
    for (const { digest, yaml } of texts)
      await db.updateTable('rule_texts').set({ yaml }).where('digest', '=', digest).execute();
    await switchRule(installation.ctx, { ruleId: disabled.id, isEnabled: true, actor: testActor() });
  }
});

it('packs part of a chain with the very records that were attested', async () => {
  const { attestation } = await requestChainAttestation(installation.ctx, {
    chainId: valid,
    scope: { kind: 'range', first: 3, last: 5 },
    actor: testActor('auditor'),
  });
  const { files } = await made({ kind: 'attestation', attestationId: attestation?.id ?? '' });
  check(files);
  const lines = (await readFile(path.join(FIXTURES, 'occasio/fixtures/valid.jsonl'), 'utf8')).split('\n');
  expect(text(files, [...files.keys()].find((name) => name.startsWith('records/')) ?? '')).toBe(
    `${lines.slice(3, 6).join('\n')}\n`,
  );
  expect(text(files, 'README.md')).toContain('records 3 to 5: verified');
});

it('packs a period with its governance report', async () => {
  const { files } = await made({
    kind: 'period',
    from: '2026-05-01T00:00:00Z',
    to: '2026-06-01T00:00:00Z',
    chainIds: null,
  });
  expect(check(files)).toMatchObject({ chains: [{ verdict: 'tampered' }, { verdict: 'verified' }] });
  expect(JSON.parse(text(files, 'report.json'))).toMatchObject({ summary: { chains: 2 } });
  // The PDF is of the same report: it carries these bytes.
  expect(files.get('report.pdf')?.subarray(0, 5).toString()).toBe('%PDF-');
  expect([...files.keys()].filter((name) => name.startsWith('report/'))).toEqual(
    ['access-log', 'blocked', 'findings', 'integrity', 'rule-looks', 'secret-events'].map(
      (kind) => `report/${kind}.csv`,
    ),
  );
});

it('can be checked by sha256sum, which tells a file that was changed, and one that is gone', async () => {
  const { files } = await made({ kind: 'chain', chainId: valid });
  const unpacked = path.join(folder, 'unpacked');
  for (const [name, bytes] of files) {
    await mkdir(path.dirname(path.join(unpacked, name)), { recursive: true });
    await writeFile(path.join(unpacked, name), bytes);
  }
  const sum = () => spawnSync('sha256sum', ['-c', '--quiet', 'MANIFEST.sha256'], { cwd: unpacked, encoding: 'utf8' });
  expect(sum()).toMatchObject({ status: 0, stdout: '' });
  await writeFile(path.join(unpacked, 'findings.json'), '[]');
  expect(sum()).toMatchObject({ status: 1, stdout: expect.stringContaining('findings.json: FAILED') });
  await rm(path.join(unpacked, 'verify.html'));
  expect(sum()).toMatchObject({ status: 1, stdout: expect.stringContaining('verify.html: FAILED open or read') });
});

it('says what cannot be packed', async () => {
  await expect(
    requestPackage(installation.ctx, {
      of: { kind: 'chain', chainId: '00000000-0000-7000-8000-000000000000' },
      actor: testActor('x'),
    }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const { id } = await requestPackage(installation.ctx, {
    of: { kind: 'period', from: '2020-01-01T00:00:00Z', to: '2020-02-01T00:00:00Z', chainIds: null },
    actor: testActor('x'),
  });
  await expect
    .poll(() => getPackage(installation.ctx, { packageId: id }), { timeout: 20_000 })
    .toMatchObject({ state: 'failed', failure: 'no closed segment holds a record of this period' });
  await expect(openPackage(installation.ctx, { packageId: id })).rejects.toMatchObject({ code: 'CONFLICT' });
});

it('packs what was attested of records that were replaced since, byte for byte, with the segments they lay in', async () => {
  const chainId = await upload('rewritten', 'occasio/valid.jsonl');
  const { attestation } = await requestChainAttestation(installation.ctx, {
    chainId,
    scope: { kind: 'range', first: 90, last: 120 },
    actor: testActor('auditor'),
  });
  await upload('rewritten', 'occasio/tampered.jsonl');
  const { files } = await made({ kind: 'chain', chainId });
  check(files);
  const lines = (await readFile(path.join(FIXTURES, 'occasio/fixtures/valid.jsonl'), 'utf8')).split('\n');
  expect(text(files, 'records/rewritten.records-90-120.jsonl')).toBe(`${lines.slice(90, 121).join('\n')}\n`);
  expect([...files.keys()].filter((name) => name.includes(attestation?.id ?? 'none')).length).toBeGreaterThan(0);
  const digests = [...files].filter(([name]) => name.startsWith('segments/')).map(([, bytes]) => sha256(bytes));
  expect(digests.toSorted()).toEqual(
    [
      sha256(await readFile(path.join(FIXTURES, 'occasio/fixtures/valid.jsonl'))),
      sha256(await readFile(path.join(FIXTURES, 'occasio/fixtures/tampered.jsonl'))),
    ].toSorted(),
  );
});

it('takes records whose chain has a name no file should have', async () => {
  const chainId = await upload('../..', 'arbiter/valid.jsonl');
  const { attestation } = await requestChainAttestation(installation.ctx, {
    chainId,
    scope: { kind: 'range', first: 0, last: 1 },
    actor: testActor('auditor'),
  });
  const { files } = await made({ kind: 'attestation', attestationId: attestation?.id ?? '' });
  check(files);
  expect([...files.keys()].filter((name) => name.startsWith('records/'))).toEqual(['records/__...records-0-1.jsonl']);
  expect(text(files, 'README.md')).toContain(' records/__...records-0-1.jsonl\n');
});

it('makes one of equal packages that wait, and has no more wait than twenty', async () => {
  const { ctx } = installation;
  const distant = new Date(ctx.now().getTime() + 3_600_000);
  const of: PackageOf = { kind: 'chain', chainId: valid };
  const { id } = await ctx.db
    .insertInto('packages')
    .values({ of: JSON.stringify(of), next_try_at: distant, requested_by: 'x', requested_at: ctx.now() })
    .returning('id')
    .executeTakeFirstOrThrow();
  const requested = await Promise.all([1, 2, 3, 4, 5].map(() => requestPackage(ctx, { of, actor: testActor('y') })));
  expect(new Set(requested.map((one) => one.id))).toEqual(new Set([id]));
  const others = Array.from({ length: 19 }, (_, day) => ({
    of: JSON.stringify({
      kind: 'period',
      from: '2026-01-01T00:00:00Z',
      to: `2026-02-${10 + day}T00:00:00Z`,
      chainIds: null,
    }),
    next_try_at: distant,
    requested_by: 'x',
    requested_at: ctx.now(),
  }));
  await ctx.db.insertInto('packages').values(others).execute();
  await expect(
    requestPackage(ctx, { of: { kind: 'chain', chainId: tampered }, actor: testActor('y') }),
  ).rejects.toMatchObject({ code: 'BUSY', details: { limit: 20 } });
  await ctx.db.updateTable('packages').set({ state: 'failed' }).where('next_try_at', '=', distant).execute();
  await ctx.db
    .insertInto('packages')
    .values(
      Array.from({ length: 120 }, () => ({
        of: JSON.stringify(of),
        state: 'failed' as const,
        next_try_at: distant,
        requested_by: 'z',
        requested_by_id: 'token:z',
        requested_at: ctx.now(),
      })),
    )
    .execute();
  await expect(requestPackage(ctx, { of, actor: testActor('z') })).rejects.toMatchObject({
    code: 'BUSY',
    details: { limit: 120 },
  });
  // Another of that name has asked for nothing yet.
  expect(await requestPackage(ctx, { of, actor: { ...testActor('z'), id: 'other' } })).toMatchObject({
    requestedBy: 'z',
  });
});

it('attests a period once for a package, however often it is tried', async () => {
  const { ctx } = installation;
  const of: PackageOf = { kind: 'period', from: '2026-05-02T00:00:00Z', to: '2026-06-02T00:00:00Z', chainIds: [valid] };
  const { id } = await made(of);
  await ctx.db.updateTable('packages').set({ state: 'waiting', next_try_at: ctx.now() }).where('id', '=', id).execute();
  await makePackage(ctx, { packageId: id, actor: testActor() }, new AbortController().signal);
  expect(await getPackage(ctx, { packageId: id })).toMatchObject({ state: 'done' });
  expect(
    await ctx.db.selectFrom('attestation_requests').select('state').where('dedupe_key', '=', `package:${id}`).execute(),
  ).toEqual([{ state: 'done' }]);
  expect(
    await ctx.db
      .selectFrom('attestations')
      .select('id')
      .where((eb) => eb(eb.ref('scope', '->>').key('from'), '=', of.from))
      .execute(),
  ).toHaveLength(1);
});
