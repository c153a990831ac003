import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAttestations } from '../attest/attestations';
import { listFindings } from '../triage/findings';
import { listPackages } from '../package/packages';
import { listCases } from '../triage/cases/cases';
import { AttestationSort } from '../schemas/attestations';
import { ChainSort } from '../schemas/chains';
import type { Page } from '../schemas/common';
import { CaseSort } from '../schemas/cases';
import { FindingSort } from '../schemas/findings';
import { PackageSort } from '../schemas/packages';
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
