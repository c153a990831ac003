import { afterAll, beforeAll, expect, it } from 'vitest';
import { requireChain } from '../db/chains';
import { appendRecords } from '../ingest/append-records';
import { closeTail } from '../ingest/close-tail';
import { ingestUpload } from '../ingest/upload';
import { testActor } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { catalog } from './catalog';
import { detectChain } from './detect-chain';
import { listFindings } from '../triage/findings';
import { NEAR_MS, clusters } from './span';
import { whatIsNew } from './watermarks';

const GENESIS = '0'.repeat(64);
const DAY_MS = 24 * 3600_000;

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
  await installation.work();
}, 120_000);
afterAll(() => installation.stop(), 60_000);

/** A burst of a session's denied calls, a second apart, as Occasio writes it, and the head after it. */
function burst(session: string, atMs: number, prev = GENESIS): { bytes: Buffer<ArrayBuffer>; head: string } {
  let head = prev;
  const lines = Array.from({ length: 8 }, (_, n) => {
    const record = {
      audit_schema: 1,
      ts: new Date(atMs + n * 1000).toISOString(),
      event_id: `${session} ${atMs} ${n}`,
      session_id: session,
      agent: 'a',
      kind: 'tool_call',
      tool_name: 'bash',
      action: 'BLOCK',
      prev_hash: head,
    };
    head = installation.ctx.hasher.sha256(Buffer.from(JSON.stringify(record)));
    return JSON.stringify({ ...record, hash: head });
  });
  return { bytes: Buffer.from(`${lines.join('\n')}\n`), head };
}

async function append(chain: string, bytes: Buffer<ArrayBuffer>): Promise<string> {
  const { chainId } = await appendRecords(installation.ctx, {
    chain,
    bytes,
    precondition: { kind: 'lines' },
    idempotency: null,
    actor: testActor(),
  });
  await closeTail(installation.ctx, { chainId, actor: testActor() });
  await installation.settled(chainId);
  return chainId;
}

const runsOf = (chainId: string, generation: number) =>
  installation.ctx.db
    .selectFrom('rule_runs')
    .selectAll()
    .where('chain_id', '=', chainId)
    .where('generation', '=', generation)
    .where('rule_name', 'like', 'Burst of denied%')
    .executeTakeFirstOrThrow();
const windowsOf = async (chainId: string) =>
  (await listFindings(installation.ctx, { chainId, limit: 100 })).items.map(({ windowFrom }) => windowFrom).toSorted();

it('a chain that grew is looked at from where the rules were, and its runs say what they have seen in all', async () => {
  const { ctx } = installation;
  const [firstMs, secondMs] = [Date.parse('2026-03-01T00:00:00Z'), Date.parse('2026-05-01T00:00:00Z')];
  const first = burst('s', firstMs);
  const chainId = await append('grew', first.bytes);
  const before = await requireChain(ctx.db, chainId);
  expect(await runsOf(chainId, before.generation)).toMatchObject({ records: 8, findings: 1 });
  await append('grew', burst('s', secondMs, first.head).bytes);
  const now = await requireChain(ctx.db, chainId);

  // As if the second run had not been: what it would look at.
  const backTo = async () => {
    await ctx.db
      .deleteFrom('rule_runs')
      .where('chain_id', '=', chainId)
      .where('generation', '=', now.generation)
      .execute();
    await ctx.db
      .updateTable('chains')
      .set({ detected_generation: before.generation })
      .where('id', '=', chainId)
      .execute();
  };
  await backTo();
  const rules = await catalog(ctx);
  const unseen = { ...rules[0], digest: 'f'.repeat(64) } as (typeof rules)[number]; // there is a first
  const looking = await whatIsNew(ctx, [...rules, unseen], [now]);
  expect(looking.map(({ rules: of, spans }) => [of.map(({ digest }) => digest), spans.get(chainId)])).toEqual([
    [rules.map(({ digest }) => digest), { from: new Date(secondMs), to: new Date(secondMs + 7_001) }],
    [[unseen.digest], { from: new Date(firstMs), to: new Date(secondMs + 7_001) }],
  ]);

  await detectChain(ctx, { chainId });
  const run = await runsOf(chainId, now.generation);
  expect(run).toMatchObject({ records: 16, findings: 2 });
  expect(run.window_from.getTime()).toBeLessThan(firstMs);
  expect(run.window_to.getTime()).toBeGreaterThan(secondMs);
  expect(await windowsOf(chainId)).toEqual([new Date(firstMs).toISOString(), new Date(secondMs).toISOString()]);
});

it('what was found in a chain that was replaced is no finding any more, at whatever time it was', async () => {
  const chainId = await append('replaced', burst('old', Date.parse('2026-03-02T00:00:00Z')).bytes);
  expect(await windowsOf(chainId)).toEqual(['2026-03-02T00:00:00.000Z']);
  await ingestUpload(installation.ctx, {
    fileName: 'a.jsonl',
    chain: 'replaced',
    body: (async function* () {
      yield burst('new', Date.parse('2026-07-02T00:00:00Z')).bytes;
    })(),
    actor: testActor(),
  });
  await installation.settled(chainId);
  expect(await windowsOf(chainId)).toEqual(['2026-07-02T00:00:00.000Z']);
});

it('many chains with something new of one day are one look of each rule', async () => {
  const { ctx } = installation;
  const chains = [];
  for (let n = 0; n < 5; n += 1) {
    const at = Date.parse('2026-09-01T00:00:00Z') + n * 60_000;
    const first = burst(`many ${n}`, at - 100 * DAY_MS);
    await append(`many ${n}`, first.bytes);
    const chainId = await append(`many ${n}`, burst(`many ${n}`, at, first.head).bytes);
    const { id, name, generation } = await requireChain(ctx.db, chainId);
    await ctx.db
      .updateTable('chains')
      .set({ detected_generation: generation - 1 })
      .where('id', '=', id)
      .execute();
    chains.push({ id, name, generation });
  }
  const [looking, ...more] = await whatIsNew(ctx, await catalog(ctx), chains);
  expect(more).toEqual([]);
  expect(clusters(looking?.spans ?? new Map(), NEAR_MS).map(({ chainIds }) => chainIds.toSorted())).toEqual([
    chains.map(({ id }) => id).toSorted(),
  ]);
});
