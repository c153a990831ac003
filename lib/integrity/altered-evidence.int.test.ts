import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import Papa from 'papaparse';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { listAttestations } from '../attest/attestations';
import { requestChainAttestation } from '../attest/requests/request-attestation';
import { openExcerpt } from '../attest/excerpt';
import { proveRecord } from '../attest/tree/prove-record';
import type { Context } from '../context';
import { EVIDENCE_RULE_ID } from '../core/rules/evidence-rule';
import { recordDamage, recordIntact } from '../db/evidence-damage';
import { evidenceObjects } from '../db/evidence-objects';
import { getFinding, listFindings } from '../triage/findings';
import { appendRecords } from '../ingest/append-records';
import { ingestUpload } from '../ingest/upload';
import { makePackage } from '../package/make-package';
import { openPackage } from '../package/open-package';
import { requestPackage, getPackage, listPackages } from '../package/packages';
import { openChainBytes } from '../chains/chain-bytes';
import { chainSummary } from '../chains/chain-summary';
import { getChain, listChains } from '../chains/chains';
import { exportCsv } from '../reports/csv';
import { attestationsCsv, chainsCsv } from '../reports/list-csv';
import { renderMetrics } from '../ops/metrics';
import { getOverview } from '../ops/overview';
import { getRecord } from '../chains/record';
import { listRecords } from '../chains/records';
import { openRepairedCopy, planChainRepair } from '../chains/repair';
import { getReport } from '../reports/report';
import { listSegments } from '../chains/segments';
import { openSegment } from '../chains/segment-bytes';
import { testActor } from '../testing/actor';
import { writers } from '../testing/chains';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { evidenceState } from './evidence-state';
import { sweepEvidence } from './sweep';

const WHOLE = { bytesPerSecond: Number.POSITIVE_INFINITY, everyMs: 0, forMs: 60_000 };

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
}, 120_000);
afterAll(() => installation.stop(), 60_000);

const fileOf = (digest: string) =>
  path.join(fileURLToPath(installation.ctx.env.evidenceUrl), 'objects', digest.slice(0, 2), digest);
const drained = async (stream: Promise<{ stream: ReadableStream<Uint8Array> }>) =>
  (await new Response((await stream).stream).arrayBuffer()).byteLength;
const sweep = () => sweepEvidence(installation.ctx, WHOLE);
const damaged = async () => (await evidenceState(installation.ctx)).damaged;

/** A log of so many records, that ends in the middle of one if that is wanted, as a chain with its first attestation. */
async function chainOf(name: string, records: number, torn: boolean) {
  const { ctx } = installation;
  const { write } = writers(ctx.hasher).occasio;
  const text = write(
    Array.from({ length: records }, (_, index) => ({
      tool: 'bash',
      decision: 'allow' as const,
      note: `${name} ${index} ${'x'.repeat(700)}`,
    })),
  ).join('\n');
  const bytes = Buffer.from(torn ? `${text}\n{"audit_schema":1,"ts":` : `${text}\n`);
  const send = () =>
    ingestUpload(ctx, {
      fileName: 'a.jsonl',
      chain: name,
      body: (async function* () {
        yield bytes;
      })(),
      actor: testActor(),
    });
  const { chainId } = await send();
  await installation.settled(chainId);
  const { digest } = await ctx.db
    .selectFrom('chain_segments')
    .select('digest')
    .where('chain_id', '=', chainId)
    .executeTakeFirstOrThrow();
  const original = await readFile(fileOf(digest));
  return { chainId, digest, bytes, original, send };
}

describe.each([
  ['of a few records', 40],
  ['of more than is read at once', 4_000],
])('a segment %s, one bit of which was flipped on the disk', (size, records) => {
  let chain: Awaited<ReturnType<typeof chainOf>>;
  let ordinal: number;
  let packageId: string;
  beforeAll(async () => {
    chain = await chainOf(`log ${size}`, records, true);
    ordinal = Math.floor(records / 2);
    ({ id: packageId } = await requestPackage(installation.ctx, {
      of: { kind: 'chain', chainId: chain.chainId },
      actor: testActor(),
    }));
    await vi.waitUntil(async () => (await getPackage(installation.ctx, { packageId })).state === 'done', {
      timeout: 60_000,
    });
    await drained(openPackage(installation.ctx, { packageId }));
    const row = await getRecord(installation.ctx, { chainId: chain.chainId, ordinal });
    const file = fileOf(chain.digest);
    await chmod(file, 0o600);
    const altered = Buffer.from(chain.original);
    const at = row.byteOffset + row.byteLength - 300;
    altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
    await writeFile(file, altered);
  }, 120_000);

  it.each<[string, () => Promise<unknown>]>([
    [
      'a range around it is signed',
      () =>
        requestChainAttestation(installation.ctx, {
          chainId: chain.chainId,
          scope: { kind: 'range', first: ordinal - 1, last: ordinal + 1 },
          actor: testActor(),
        }),
    ],
    [
      'a range far from it is signed',
      () =>
        requestChainAttestation(installation.ctx, {
          chainId: chain.chainId,
          scope: { kind: 'range', first: 0, last: 1 },
          actor: testActor(),
        }),
    ],
    [
      'the chain is signed',
      () =>
        requestChainAttestation(installation.ctx, {
          chainId: chain.chainId,
          scope: { kind: 'chain' },
          actor: testActor(),
        }),
    ],
    ['the segment is read', () => drained(openSegment(installation.ctx, { digest: chain.digest }))],
    ['the chain is read', () => drained(openChainBytes(installation.ctx, { chainId: chain.chainId }))],
    ['the record is shown', () => getRecord(installation.ctx, { chainId: chain.chainId, ordinal })],
    ['the record is proven', () => proveRecord(installation.ctx, { chainId: chain.chainId, ordinal })],
    ['a repair is planned', () => planChainRepair(installation.ctx, { chainId: chain.chainId })],
    ['a repaired copy is made', () => drained(openRepairedCopy(installation.ctx, { chainId: chain.chainId }))],
    ['a package made before is read', () => drained(openPackage(installation.ctx, { packageId }))],
  ])('refuses when %s', async (_what, attempt) => {
    const before = await installation.ctx.db.selectFrom('attestations').select('id').execute();
    await expect(attempt()).rejects.toMatchObject({ code: 'EVIDENCE_ALTERED', details: { digest: chain.digest } });
    expect(await installation.ctx.db.selectFrom('attestations').select('id').execute()).toHaveLength(before.length);
  });

  it('makes no package of it', async () => {
    const { id } = await requestPackage(installation.ctx, {
      of: { kind: 'chain', chainId: chain.chainId },
      actor: testActor(),
    });
    await makePackage(installation.ctx, { packageId: id, actor: testActor() }, new AbortController().signal);
    await expect
      .poll(async () => (await getPackage(installation.ctx, { packageId: id })).state, { timeout: 60_000 })
      .toBe('failed');
    expect(await getPackage(installation.ctx, { packageId: id })).toMatchObject({
      failure: expect.stringContaining('was altered'),
    });
  });

  it('is told on the chain, the overview, in health, in metrics and by a critical finding', async () => {
    const { ctx } = installation;
    await expect.poll(damaged).toEqual({ altered: 1, missing: 0, unreadable: 0 });
    expect(await getChain(ctx, { chainId: chain.chainId })).toMatchObject({
      damage: expect.stringContaining('not what was received'),
      failure: null,
    });
    const overview = await getOverview(ctx, {
      period: { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' },
    });
    expect(overview.stored.damaged.altered).toBe(1);
    expect(overview.attention[0]?.id).toBe(chain.chainId);
    const { text: series } = await renderMetrics(ctx);
    expect(series).toContain('sealtrail_evidence_damaged{kind="altered"} 1');
    const { total } = await listFindings(ctx, { status: ['new'], level: ['critical'], limit: 1 });
    expect(series).toContain(`sealtrail_findings{status="new",level="critical"} ${total}`);
    expect(series).toContain('sealtrail_findings{status="closed",level="informational"} 0');
    const { items } = await listFindings(ctx, { chainId: chain.chainId, limit: 10 });
    expect(await answers(ctx, chain)).toEqual(ALL_DAMAGED);
    expect(items).toMatchObject([
      {
        ruleId: EVIDENCE_RULE_ID,
        level: 'critical',
        status: 'new',
        group: { 'evidence object': chain.digest },
        measures: { kind: 'evidence' },
      },
    ]);
    expect(await getFinding(ctx, { findingId: items[0]?.id ?? '' })).toMatchObject({
      description: expect.stringContaining('Nothing is served'),
    });
    await recordDamage(ctx.db, chain.digest, 'altered', ctx.now());
    expect((await listFindings(ctx, { chainId: chain.chainId, limit: 10 })).items).toHaveLength(1);
  });

  it('is healed by the genuine file sent again, and all works as before', async () => {
    const { ctx } = installation;
    expect(await chain.send()).toMatchObject({ relation: 'identical', replacedSegments: 1 });
    expect((await readFile(fileOf(chain.digest))).equals(chain.original)).toBe(true);
    await expect.poll(damaged).toEqual({ altered: 0, missing: 0, unreadable: 0 });
    expect((await listFindings(ctx, { chainId: chain.chainId, limit: 10 })).items).toEqual([]);
    expect((await getChain(ctx, { chainId: chain.chainId })).damage).toBeNull();
    expect(Object.values(await answers(ctx, chain))).not.toContain('damaged');
    const { attestation } = await requestChainAttestation(ctx, {
      chainId: chain.chainId,
      scope: { kind: 'range', first: ordinal - 1, last: ordinal + 1 },
      actor: testActor(),
    });
    const lines = chain.bytes
      .toString()
      .split('\n')
      .slice(ordinal - 1, ordinal + 2);
    expect(await new Response((await openExcerpt(ctx, { attestationId: attestation?.id ?? '' })).stream).text()).toBe(
      `${lines.join('\n')}\n`,
    );
    expect(await getRecord(ctx, { chainId: chain.chainId, ordinal })).toMatchObject({ integrity: 'ok', raw: lines[1] });
    expect(await drained(openSegment(ctx, { digest: chain.digest }))).toBe(chain.bytes.length);
    expect(await drained(openPackage(ctx, { packageId }))).toBeGreaterThan(0);
  });
});

const ALL_DAMAGED = {
  chain: 'damaged',
  listed: 'damaged',
  filtered: 'damaged',
  summary: 'damaged',
  period: 'damaged',
  segment: 'damaged',
  record: 'damaged',
  broken: 'damaged',
  accessLog: 'damaged',
  overview: 'damaged',
  report: 'damaged',
  integrity: 'damaged',
  csv: 'damaged',
  metrics: 'damaged',
  attestation: 'damaged',
  attestationCsv: 'damaged',
  package: 'damaged',
};

/** What each place that says a verdict says of the chain, alone in what it sums up where it sums up. */
async function answers(
  ctx: Context,
  { chainId }: { chainId: string },
): Promise<Record<keyof typeof ALL_DAMAGED, string | null>> {
  const period = { from: '1970-01-01T00:00:00.000Z', to: '2262-01-01T00:00:00.000Z' };
  const said = (counts: Partial<Record<string, number>>) => (counts['damaged'] === 1 ? 'damaged' : 'none is');
  const listed = (await listChains(ctx, { limit: 500 })).items.find(({ id }) => id === chainId);
  const row = async (csv: Readable, find: (row: Record<string, string>) => boolean) =>
    Papa.parse<Record<string, string>>(await text(csv), { header: true }).data.find(find);
  const ofChain = {
    id: (one: Record<string, string>) => one['id'] === chainId,
    chain_id: (one: Record<string, string>) => one['chain_id'] === chainId,
  };
  const filtered = await listChains(ctx, { verdict: ['damaged'], limit: 500 });
  const [attestation] = (await listAttestations(ctx, { chainId, limit: 1 })).items;
  const [made] = (await listPackages(ctx, { limit: 100 })).items.filter(
    ({ state, of }) => state === 'done' && of.kind === 'chain' && of.chainId === chainId,
  );
  const [firstRecord] = (await listRecords(ctx, { chainId, limit: 1 })).items;
  const broken = await listRecords(ctx, { chainId, limit: 1, broken: true });
  const ofAttestation = await row(
    (await attestationsCsv((page) => listAttestations(ctx, { chainId, ...page }), { bom: false })).stream,
    (one) => one['id'] === attestation?.id,
  );
  return {
    chain: (await getChain(ctx, { chainId })).verdict,
    listed: listed?.verdict ?? null,
    filtered: filtered.items.find(({ id }) => id === chainId)?.verdict ?? null,
    summary: (await chainSummary(ctx, { chainId })).verdict,
    period: (await chainSummary(ctx, { chainId, from: period.from })).verdict,
    segment: (await listSegments(ctx, { chainId, limit: 10 })).items[0]?.verdict ?? null,
    record: firstRecord?.integrity === 'damaged' ? 'damaged' : 'none is',
    broken: broken.total === (await listRecords(ctx, { chainId, limit: 1 })).total ? 'damaged' : 'none is',
    accessLog:
      (await row(exportCsv(ctx, { kind: 'access-log', period }), (one) => one['chain'] === listed?.name))?.[
        'integrity'
      ] === 'damaged'
        ? 'damaged'
        : 'none is',
    overview: said((await getOverview(ctx, { period })).byVerdict),
    report: said((await getReport(ctx, { period })).byVerdict),
    integrity: (await row(exportCsv(ctx, { kind: 'integrity', period }), ofChain.chain_id))?.['verdict'] ?? null,
    csv: (await row((await chainsCsv(ctx, {}, { bom: false })).stream, ofChain.id))?.['verdict'] ?? null,
    metrics: (await renderMetrics(ctx)).text.includes('sealtrail_chains{verdict="damaged"} 1') ? 'damaged' : 'none is',
    attestation: attestation?.damaged ? 'damaged' : 'not',
    attestationCsv: ofAttestation?.['damaged'] === 'yes' ? 'damaged' : 'not',
    package: made?.damaged ? 'damaged' : 'not',
  };
}

describe('the sweep', () => {
  let chain: Awaited<ReturnType<typeof chainOf>>;
  beforeAll(async () => {
    chain = await chainOf('swept', 20, false);
  }, 120_000);
  afterEach(async () => {
    await rm(fileOf(chain.digest), { force: true });
    await writeFile(fileOf(chain.digest), chain.original, { mode: 0o400 });
    await installation.ctx.db
      .updateTable('evidence_damage')
      .set({ seen_at: new Date(0) })
      .execute();
    await sweep();
    await vi.waitUntil(async () => Object.values(await damaged()).every((count) => count === 0));
  });

  it('reads everything back and says when', async () => {
    const objects = await installation.ctx.db.selectFrom('upload_segments').select('digest').distinct().execute();
    await sweep();
    const { lastPass, sweep: current } = await evidenceState(installation.ctx);
    expect(current).toBeNull();
    expect(lastPass?.objects).toBeGreaterThan(objects.length);
    expect(lastPass?.bytes).toBeGreaterThan(chain.bytes.length);
  });

  it('goes on where it was', async () => {
    const { ctx } = installation;
    const digests = (await evidenceObjects(ctx.db, '', 1_000)).map(({ digest }) => digest);
    await ctx.db
      .updateTable('evidence_sweep')
      .set({ position: digests.at(-3) ?? '', objects: 100 })
      .execute();
    await sweepEvidence(ctx, { ...WHOLE, forMs: -1 });
    expect((await evidenceState(ctx)).sweep?.objects).toBe(100);
    await sweep();
    expect((await evidenceState(ctx)).lastPass?.objects).toBe(102);
  });

  it('finds what was altered, and what is gone, that nobody asked for', async () => {
    const file = fileOf(chain.digest);
    await chmod(file, 0o600);
    await writeFile(file, Buffer.from(chain.original).fill('y', 9, 10));
    await sweep();
    expect(await damaged()).toEqual({ altered: 1, missing: 0, unreadable: 0 });
    await rm(file);
    await sweep();
    expect(await damaged()).toEqual({ altered: 0, missing: 1, unreadable: 0 });
    expect((await listFindings(installation.ctx, { chainId: chain.chainId, limit: 10 })).items).toMatchObject([
      { title: 'Stored evidence is missing' },
    ]);
  });

  it("is one worker's at a time", async () => {
    const { ctx } = installation;
    await ctx.db
      .updateTable('evidence_sweep')
      .set({ lease_until: new Date(Date.now() + 60_000) })
      .execute();
    const before = await ctx.db.selectFrom('evidence_sweep').selectAll().execute();
    await sweep();
    expect(await ctx.db.selectFrom('evidence_sweep').selectAll().execute()).toEqual(before);
    await ctx.db
      .updateTable('evidence_sweep')
      .set({ lease_until: new Date(0) })
      .execute();
  });
});

it('is told in the receipt of what is appended to it', async () => {
  const { ctx } = installation;
  const { digest, bytes } = await chainOf('appended to', 3, false);
  const { write } = writers(ctx.hasher).occasio;
  const next =
    write(
      Array.from({ length: 4 }, (_, index) => ({
        tool: 'bash',
        decision: 'allow' as const,
        note: `appended to ${index} ${'x'.repeat(700)}`,
      })),
    ).at(-1) ?? '';
  await recordDamage(ctx.db, digest, 'altered', ctx.now());
  const append = {
    chain: 'appended to',
    bytes: Buffer.from(`${next}\n`),
    precondition: { kind: 'offset' as const, offset: bytes.length },
    idempotency: null,
    actor: testActor(),
  };
  expect(await appendRecords(ctx, append)).toMatchObject({ accepted: 1, verdict: 'damaged' });
  await recordIntact(ctx.db, digest, ctx.now());
});
