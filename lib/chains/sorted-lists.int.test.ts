import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAttestations } from '../attest/attestations';
import { listFindings } from '../triage/findings';
import { listPackages } from '../package/packages';
import { listRuns } from '../detect/query/runs';
import { listSuppressions } from '../detect/suppressions/suppressions';
import { listDeliveries } from '../notify/list-deliveries';
import { listCases } from '../triage/cases/cases';
import { AttestationSort } from '../schemas/attestations';
import { ChainSort } from '../schemas/chains';
import type { Page } from '../schemas/common';
import { CaseSort } from '../schemas/cases';
import { FindingSort } from '../schemas/findings';
import { DeliverySort } from '../schemas/notifications';
import { PackageSort } from '../schemas/packages';
import { RuleRunSort } from '../schemas/rules';
import { SuppressionSort } from '../schemas/suppressions';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { listChains } from './chains';

const ROWS = 13;
/** Few values for many rows, so that most of them are equal in every order. */
const VERDICTS = ['verified', 'tampered', 'gap'] as const;
const LEVELS = ['low', 'critical', 'medium'] as const;

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
  const { db } = installation.ctx;
  const each = Array.from({ length: ROWS }, (_, n) => n);
  await db
    .insertInto('chains')
    .values(
      each.map((n) => ({
        name: `Chain ${n % 2 === 0 ? 'é' : 'e'} ${n}`,
        format: 'occasio' as const,
        generation: 0,
        records: n % 3,
        size_bytes: n % 2,
        verdict: VERDICTS[n % 3] ?? 'verified',
        last_recorded_at: n % 4 === 0 ? null : `2026-05-0${1 + (n % 3)}T00:00:00Z`,
      })),
    )
    .execute();
  await db
    .insertInto('findings')
    .values(
      each.map((n) => ({
        rule_id: 'a-rule',
        rule_digest: '0'.repeat(64),
        rule_yaml: '',
        title: `Finding ${n}`,
        level: LEVELS[n % 3] ?? 'low',
        group_key: String(n),
        group_values: '{}',
        window_from: new Date('2026-05-01'),
        window_to: new Date(Date.UTC(2026, 4, 2, n % 4)),
        measures: JSON.stringify({ kind: 'evidence' }),
        record_count: n % 2,
        records: '[]',
      })),
    )
    .execute();
  await sql`INSERT INTO finding_chains (finding_id, chain_id, ordinals) SELECT f.id, c.id, '[]' FROM findings f JOIN chains c
    ON split_part(c.name, ' ', 3)::int % 5 > split_part(f.title, ' ', 2)::int`.execute(db);
  await db
    .insertInto('cases')
    .values(
      each.map((n) => ({
        workspace_id: 'default',
        title: `Case ${n % 3}`,
        status: n % 2 === 0 ? ('new' as const) : ('closed' as const),
        owner_id: n % 3 === 0 ? null : `person-${n % 2}`,
        created_by: 'a test',
        created_at: new Date(),
        updated_at: new Date(Date.UTC(2026, 4, 2, n % 4)),
      })),
    )
    .execute();
  await sql`INSERT INTO case_findings (case_id, finding_id) SELECT c.id, f.id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM cases) c
    JOIN findings f ON split_part(f.title, ' ', 2)::int < c.n % 3`.execute(db);
  await db
    .insertInto('suppressions')
    .values(
      each.map((n) => ({
        version: 1,
        replaces_id: null,
        title: `Suppression ${n % 3}`,
        reason: 'a test',
        yaml: '',
        digest: '0'.repeat(64),
        rule_ids: ['a-rule'],
        expires_at: new Date(Date.UTC(n % 2 === 0 ? 2036 : 2020, 4, 2, n % 4)),
        created_by_id: 'test',
        created_by: 'a test',
        created_at: new Date(),
        ended_by_id: n % 3 === 0 ? 'test' : null,
        ended_by: n % 3 === 0 ? 'a test' : null,
        ended_at: n % 3 === 0 ? new Date(Date.UTC(2026, 4, 2, n % 4)) : null,
        told_at: null,
      })),
    )
    .execute();
  const { id: destination } = await db
    .insertInto('notification_destinations')
    .values({
      workspace_id: 'default',
      name: 'Hook',
      kind: 'webhook',
      address: 'http://127.0.0.1',
      sealed: '',
      filter: '{}',
      is_enabled: true,
      created_by: 'a test',
      created_at: new Date(),
      updated_at: new Date(),
      failing_since: null,
      failure: null,
      next_try_at: null,
      sent_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('notification_deliveries')
    .values(
      each.map((n) => ({
        destination_id: destination,
        key: `message ${n}`,
        kind: 'test' as const,
        subject_id: '',
        rule_id: null,
        title: `Message ${n % 3}`,
        facts: '{}',
        state: n % 2 === 0 ? ('sent' as const) : ('failed' as const),
        next_try_at: new Date(),
        created_at: new Date(),
        give_up_at: new Date(),
        ended_at: null,
      })),
    )
    .execute();
  await sql`INSERT INTO rule_sets (digest, rule_id, rule_digest) VALUES (${'1'.repeat(64)}, 'a-rule', ${'0'.repeat(64)})`.execute(
    db,
  );
  await sql`INSERT INTO rule_looks (rule_set, how, looks, first_looked_at, looked_at, window_from, window_to, chains, records, elapsed_ms)
    SELECT ${'1'.repeat(64)}, CASE n % 2 WHEN 0 THEN 'chain' ELSE 'backfill' END, 1, at, at, at, at, n % 3, n % 2, 1
    FROM (SELECT n, to_timestamp(1780000000 + n % 4 + 0.000001 * (n % 3)) AS at FROM generate_series(1, ${ROWS}::int) n) given`.execute(
    db,
  );
  await db
    .insertInto('packages')
    .values(
      each.map((n) => ({
        of: JSON.stringify({ kind: 'chain', chainId: '019a0000-0000-7000-8000-000000000000' }),
        next_try_at: new Date(),
        requested_by: 'a test',
        requested_by_id: 'test',
        requested_at: new Date(),
        chains: '[]',
        verdict: n % 4 === 0 ? null : (VERDICTS[n % 3] ?? null),
      })),
    )
    .execute();
}, 120_000);
afterAll(() => installation?.stop());

type Read<S> = (query: { sort: S; limit: number; cursor?: string }) => Promise<Page<{ id: string }>>;

async function everyPage<S>(read: Read<S>, sort: S): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const { items, nextCursor }: Page<{ id: string }> = await read({ sort, limit: 2, ...(cursor && { cursor }) });
    ids.push(...items.map(({ id }) => id));
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

/** The orders in which pages are not the whole list, cut, or the list is not all there is. */
async function brokenOrders<S>(read: Read<S>, sorts: readonly S[], rows: number): Promise<S[]> {
  const broken: S[] = [];
  for (const sort of sorts) {
    const { items, total } = await read({ sort, limit: 500 });
    const ids = items.map(({ id }) => id);
    const paged = await everyPage(read, sort);
    if (paged.join() !== ids.join() || new Set(ids).size !== rows || total !== rows) broken.push(sort);
  }
  return broken;
}

describe('pages of two rows, most of them equal, neither repeat a row nor miss one, in any order', () => {
  it('chains', async () =>
    expect(await brokenOrders((query) => listChains(installation.ctx, query), ChainSort.options, ROWS)).toEqual([]));
  it('findings', async () =>
    expect(await brokenOrders((query) => listFindings(installation.ctx, query), FindingSort.options, ROWS)).toEqual(
      [],
    ));
  it('cases', async () =>
    expect(
      await brokenOrders(
        (query) => listCases(installation.ctx, { ...query, workspaceId: 'default' }),
        CaseSort.options,
        ROWS,
      ),
    ).toEqual([]));
  it('suppressions', async () =>
    expect(
      await brokenOrders((query) => listSuppressions(installation.ctx, query), SuppressionSort.options, ROWS),
    ).toEqual([]));
  it('messages', async () =>
    expect(await brokenOrders((query) => listDeliveries(installation.ctx, query), DeliverySort.options, ROWS)).toEqual(
      [],
    ));
  it('looks of a rule', async () =>
    expect(
      await brokenOrders(
        (query) => listRuns(installation.ctx, { ...query, ruleId: 'a-rule' }),
        RuleRunSort.options,
        ROWS,
      ),
    ).toEqual([]));
  it('packages', async () =>
    expect(await brokenOrders((query) => listPackages(installation.ctx, query), PackageSort.options, ROWS)).toEqual(
      [],
    ));
  it('attestations, of which there are none', async () =>
    expect(
      await brokenOrders((query) => listAttestations(installation.ctx, query), AttestationSort.options, 0),
    ).toEqual([]));
});

it('the worst verdict comes first, and of a level the newest window', async () => {
  const { ctx } = installation;
  const chains = await listChains(ctx, { sort: 'verdict', limit: 500 });
  expect(chains.items.map(({ verdict }) => verdict)).toEqual([
    ...chains.items.filter(({ verdict }) => verdict === 'tampered').map(({ verdict }) => verdict),
    ...chains.items.filter(({ verdict }) => verdict === 'gap').map(({ verdict }) => verdict),
    ...chains.items.filter(({ verdict }) => verdict === 'verified').map(({ verdict }) => verdict),
  ]);
  const { items } = await listFindings(ctx, { sort: 'level', limit: 500 });
  const keys = items.map(
    ({ level, windowTo }) => [['critical', 'medium', 'low'].indexOf(level), -Date.parse(windowTo)] as const,
  );
  expect(keys).toEqual(keys.toSorted(([a, x], [b, y]) => a - b || x - y));
});

it('most findings come first', async () => {
  const { items } = await listChains(installation.ctx, { sort: '-findings', limit: 500 });
  const counts = items.map(({ findings }) => findings);
  expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  expect(counts[0]).toBe(4);
});

it('cases with most findings, and with the worst, come first', async () => {
  const { ctx } = installation;
  const by = async (sort: CaseSort) => (await listCases(ctx, { sort, limit: 500, workspaceId: 'default' })).items;
  const counts = (await by('-findings')).map(({ findings }) => findings);
  expect([counts[0], counts.at(-1)]).toEqual([2, 0]);
  expect(counts).toEqual(counts.toSorted((a, b) => Number(b) - Number(a)));
  const levels = (await by('level')).map(({ level }) => level);
  const known = ['critical', 'low', null] as const;
  expect([...new Set(levels)]).toEqual(known.filter((level) => levels.includes(level)));
  expect(new Set(levels).size).toBeGreaterThan(1);
});

it('a cursor is of the order it was given in', async () => {
  const { ctx } = installation;
  const { nextCursor } = await listChains(ctx, { sort: 'name', limit: 2 });
  await expect(
    listChains(ctx, { sort: '-name', limit: 2, ...(nextCursor && { cursor: nextCursor }) }),
  ).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

it('suppressions that hide most come first', async () => {
  const { ctx } = installation;
  await sql`INSERT INTO suppressed_findings (finding_id, suppression_id, left_out) SELECT f.id, s.id, 1 FROM findings f
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM suppressions WHERE ended_at IS NULL AND expires_at > now()) s
      ON split_part(f.title, ' ', 2)::int < s.n`.execute(ctx.db);
  const sort = '-hides';
  const { items } = await listSuppressions(ctx, { sort, limit: 500 });
  const hides = items.map((one) => one.hides);
  expect(hides).toEqual(hides.toSorted((a, b) => b - a));
  expect(hides[0]).toBeGreaterThan(1);
  expect(await everyPage<SuppressionSort>((query) => listSuppressions(ctx, query), sort)).toEqual(
    items.map(({ id }) => id),
  );
});
