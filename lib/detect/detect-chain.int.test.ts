import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { getAttestation, listAttestations } from '../attest/attestations';
import { loadSampleData } from '../ingest/sample-data';
import { ingestUpload } from '../ingest/upload';
import { readObject } from '../evidence/store';
import { testActor } from '../testing/actor';
import { catalogRules } from '../testing/catalog';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { detectChain } from './detect-chain';
import { changeFinding } from '../triage/change-finding';
import { EvidenceSort } from '../schemas/findings';
import { findingEvidence, toldOf } from '../triage/evidence';
import { findingWindow } from '../triage/finding-window';
import { getFinding, listFindings } from '../triage/findings';
import { eventHistogram } from '../events/event-histogram';
import { termOf } from '../core/search/edit';

const BURST = 'Burst of denied tool calls in one session';

let installation: TestInstallation;
let chains: Map<string, string>;
beforeAll(async () => {
  installation = await startInstallation();
  await installation.work();
  await loadSampleData(installation.ctx, { actor: testActor() });
  const rows = await installation.ctx.db.selectFrom('chains').select(['id', 'name']).execute();
  chains = new Map(rows.map(({ id, name }) => [name, id]));
  for (const id of chains.values()) await installation.settled(id);
});
afterAll(() => installation?.stop());

const idOf = (name: string) => chains.get(name) ?? '';

describe('the sample week', () => {
  it('has the verdicts it was made for', async () => {
    const rows = await installation.ctx.db
      .selectFrom('chains')
      .select(['name', 'verdict', 'problem_counts'])
      .orderBy('name')
      .execute();
    expect(rows.map(({ name, verdict, problem_counts }) => [name, verdict, problem_counts])).toEqual([
      ['sample/data-pipeline', 'verified', {}],
      ['sample/docs-writer', 'verified-with-warnings', { 'legacy-prefix': 1 }],
      ['sample/finance-assistant', 'truncated', { 'shorter-than-witnessed': 1 }],
      ['sample/infra-operator', 'restarted', { restart: 1 }],
      ['sample/release-bot', 'tampered', { 'hash-mismatch': 1 }],
      ['sample/storefront-coder', 'verified', {}],
      ['sample/support-copilot', 'verified', {}],
    ]);
  });

  it('is listed a page at a time without loss', async () => {
    const ids: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const { items, nextCursor } = await listFindings(installation.ctx, { limit: 1, cursor });
      ids.push(...items.map(({ id }) => id));
      if (!nextCursor) break;
      cursor = nextCursor;
    }
    const { items } = await listFindings(installation.ctx, { limit: 100 });
    expect(ids).toEqual(items.map(({ id }) => id));
    const [first] = (await listAttestations(installation.ctx, { limit: 2 })).items;
    const second = await listAttestations(installation.ctx, {
      limit: 1,
      cursor: (await listAttestations(installation.ctx, { limit: 1 })).nextCursor ?? undefined,
    });
    expect(second.items[0]?.id).not.toBe(first?.id);
  });

  it('holds the bursts that were put in, and each finding cites records that prove it', async () => {
    const { items } = await listFindings(installation.ctx, { limit: 100 });
    expect(
      items
        .map(({ title, measures, chains: [chain] }) => [
          title,
          measures.kind === 'event_count' && measures.count,
          chain?.name,
        ])
        .toSorted(),
    ).toEqual([
      // the refusal that was made to look like a permission
      ['A file of secrets was read', 1, 'sample/release-bot'],
      // and what follows from them, or was seldom done before
      ['A tool is called with arguments it was not called with before', false, 'sample/finance-assistant'],
      ['A tool is called with arguments it was not called with before', false, 'sample/infra-operator'],
      ['A tool is called with arguments it was not called with before', false, 'sample/support-copilot'],
      ['An agent is refused far more often than before', false, 'sample/data-pipeline'],
      ['An agent is refused far more often than before', false, 'sample/infra-operator'],
      ['An agent uses a tool it did not use before', false, 'sample/finance-assistant'],
      ...Array.from({ length: 4 }, () => [
        'An agent uses a tool it did not use before',
        false,
        'sample/infra-operator',
      ]),
      ['An agent uses a tool it did not use before', false, 'sample/support-copilot'],
      ['Burst of denied tool calls in one session', 14, 'sample/infra-operator'],
      ['Burst of denied tool calls in one session', 9, 'sample/data-pipeline'],
      ['Burst of secret redactions by one agent', 8, 'sample/storefront-coder'],
    ]);
    for (const { id, recordCount, windowFrom, windowTo } of items) {
      const { records } = await getFinding(installation.ctx, { findingId: id });
      expect(records).toHaveLength(recordCount);
      for (const record of records) {
        const digest = record.segmentDigest ?? '';
        const segment = await installation.ctx.db
          .selectFrom('chain_segments')
          .select('byte_offset')
          .where('chain_id', '=', record.chainId)
          .where('digest', '=', digest)
          .executeTakeFirstOrThrow();
        const from = record.byteOffset - segment.byte_offset;
        const raw = JSON.parse(
          (await readObject(installation.ctx.evidence, digest, { from, to: from + record.byteLength })).toString(),
        );
        expect([raw.hash, raw.chain_record_hash]).toContain(record.hash);
        const atMs = Date.parse(record.recordedAt);
        expect(atMs >= Date.parse(windowFrom) && atMs < Date.parse(windowTo)).toBe(true);
      }
    }
  });

  it('shows each record in order with what it says and whether it holds, by pages, and that evidence of a broken chain does not hold', async () => {
    const { ctx } = installation;
    const { items } = await listFindings(ctx, { limit: 100 });
    const verdicts = { 'sample/release-bot': 'does_not_hold', 'sample/infra-operator': 'holds' } as const;
    for (const [name, evidence] of Object.entries(verdicts))
      expect(
        new Set(items.filter(({ chains: [chain] }) => chain?.name === name).map((finding) => finding.evidence)),
      ).toEqual(new Set([evidence]));
    const burst = items.find(
      ({ title, chains: [chain] }) => title === BURST && chain?.name === 'sample/infra-operator',
    );
    const finding = await getFinding(ctx, { findingId: burst?.id ?? '' });
    const read = async (limit: number, cursor?: string) =>
      findingEvidence(ctx, { findingId: finding.id, limit, cursor });
    const all = await read(100);
    expect(all).toMatchObject({ nextCursor: null, total: 14 });
    expect(all.items.map(({ record, attestationId, chainName: _, ...place }) => place)).toEqual(finding.records);
    for (const { record, chainName, ordinal, hash } of all.items)
      expect([record, chainName]).toMatchObject([
        { ordinal, hash, decision: 'deny', integrity: 'ok' },
        'sample/infra-operator',
      ]);
    const attested = (await listAttestations(ctx, { chainId: all.items[0]?.chainId ?? '', limit: 100 })).items;
    expect(attested.map(({ id }) => id)).toContain(all.items[0]?.attestationId);
    const first = await read(10);
    expect([...first.items, ...(await read(10, first.nextCursor ?? '')).items]).toEqual(all.items);
    for (const sort of EvidenceSort.options) {
      const inOrder = async (limit: number, cursor?: string) =>
        findingEvidence(ctx, { findingId: finding.id, sort, limit, cursor });
      const whole = await inOrder(100);
      const paged = [];
      for (let cursor: string | undefined; ; ) {
        const page = await inOrder(4, cursor);
        paged.push(...page.items);
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      expect([sort, paged]).toEqual([sort, whole.items]);
      expect(new Set(paged.map(({ ordinal }) => ordinal)).size).toBe(14);
    }
    const sorted = async (sort: EvidenceSort) =>
      (await findingEvidence(ctx, { findingId: finding.id, sort, limit: 100 })).items;
    expect(await sorted('-time')).toEqual(all.items.toReversed());
    const tools = (await sorted('-tool')).map(({ record }) => record?.tool ?? '');
    expect(tools).toEqual(tools.toSorted().toReversed());
    const told = await toldOf(ctx, finding);
    expect(told.map(({ tool }) => tool)).toEqual(all.items.map(({ record }) => record?.tool));

    const window = await findingWindow(ctx, finding);
    expect(window?.buckets.reduce((sum, { found }) => sum + found, 0)).toBe(14);
    const [from, to] = [window?.buckets[0]?.at ?? '', window?.buckets.at(-1)?.at ?? ''];
    expect(from < finding.windowFrom && to > finding.windowTo).toBe(true);
    const known = (await getFinding(ctx, { findingId: finding.id })).group['session_id'] ?? '';
    const { total } = await eventHistogram(ctx, {
      q: termOf('session_id', known),
      from,
      to: new Date(Date.parse(to) + (window?.stepSeconds ?? 0) * 1000).toISOString(),
    });
    expect(window?.buckets.reduce((sum, { found, others }) => sum + found + (others ?? 0), 0)).toBe(total);

    // A place that the lake has no record of is said to be none.
    const gone = { ...finding.records[0], ordinal: 999_999 };
    await ctx.db
      .updateTable('findings')
      .set({ records: JSON.stringify([gone, ...finding.records.slice(1)]) })
      .where('id', '=', finding.id)
      .execute();
    expect((await read(2)).items.map(({ record }) => record?.ordinal ?? null)).toEqual([
      null,
      finding.records[1]?.ordinal,
    ]);
    await ctx.db
      .updateTable('findings')
      .set({ records: JSON.stringify(finding.records) })
      .where('id', '=', finding.id)
      .execute();
  });
});

describe('detectChain', () => {
  it('keeps the status of a finding when it runs again', async () => {
    const [finding] = (await listFindings(installation.ctx, { chainId: idOf('sample/data-pipeline'), limit: 1 })).items;
    const findingId = finding?.id ?? '';
    await changeFinding(installation.ctx, { findingId, change: { status: 'in_progress' }, actor: testActor() });
    await detectChain(installation.ctx, { chainId: idOf('sample/data-pipeline') });
    expect(await getFinding(installation.ctx, { findingId })).toMatchObject({
      status: 'in_progress',
      measures: { count: 9 },
    });
  });

  it('counts a record once that lies in two chains, and names both', async () => {
    const source = await installation.ctx.db
      .selectFrom('chain_segments')
      .select('digest')
      .where('chain_id', '=', idOf('sample/infra-operator'))
      .executeTakeFirstOrThrow();
    const copy = await ingestUpload(installation.ctx, {
      fileName: 'copy.jsonl',
      chain: 'a copy',
      body: await installation.ctx.evidence.read(source.digest),
      actor: testActor(),
    });
    await installation.settled(copy.chainId);
    const { items } = await listFindings(installation.ctx, { chainId: copy.chainId, limit: 100 });
    expect(items.every(({ chains }) => chains.length === 2)).toBe(true);
    expect(items.filter(({ title }) => title === BURST)).toMatchObject([
      {
        measures: { count: 14, threshold: 5, timespan: '15m' },
        recordCount: 14,
        chains: [{ name: 'a copy' }, { name: 'sample/infra-operator' }],
      },
    ]);
    const [attestation] = (await listAttestations(installation.ctx, { chainId: copy.chainId, limit: 1 })).items;
    const { statement, steps } = await getAttestation(installation.ctx, { attestationId: attestation?.id ?? '' });
    expect(steps.every(({ status }) => status === 'passed')).toBe(true);
    expect(statement).toMatchObject({
      predicate: {
        verdict: 'restarted',
        findings: expect.arrayContaining([
          expect.objectContaining({ count: 14, records: expect.objectContaining({ length: 14 }) }),
        ]),
        rules: expect.objectContaining({ length: catalogRules().length }),
      },
    });
    const { rules } = z
      .object({ rules: z.array(z.object({ name: z.string(), findings: z.number() })) })
      .parse((statement as { predicate?: unknown }).predicate); // any statement has one
    const found = [...Map.groupBy(items, ({ title }) => title)].map(([name, { length }]) => ({
      name,
      findings: length,
    }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(rules.filter(({ findings }) => findings > 0).toSorted(byName)).toEqual(found.toSorted(byName));
    expect(found).toContainEqual({ name: BURST, findings: 1 });
  });
});
