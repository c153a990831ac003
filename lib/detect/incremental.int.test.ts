import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appendRecords } from '../ingest/append-records';
import { closeTail } from '../ingest/close-tail';
import { loadTail } from '../lake/load-tail';
import { hitsOf, hitsOfMany } from '../lake/query/run-rule';
import { testActor } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { catalog } from './catalog';
import { detectTail } from './detect-tail';
import type { Range } from './range';
import { findingsOfRule } from './run-rule';

const CHAINS = 3;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const FIRST_MS = Date.parse('2026-02-01T00:00:00Z');

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
}, 120_000);
afterAll(() => installation?.stop(), 60_000);

/** A record of a chain: when after the ones before, which may be before them, of which session, what was called, and what became of the call. */
const record = fc.record({
  chain: fc.nat(CHAINS - 1),
  session: fc.constantFrom('s', 's', 's', 't', ''),
  minutes: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(0, 1, 2) },
    { weight: 1, arbitrary: fc.integer({ min: -10, max: 30 }) },
  ),
  call: fc.constantFrom(
    { tool_name: 'read_file', tool_inputs: { path: '/srv/app/.env' } },
    { tool_name: 'web_fetch', tool_inputs: { url: 'https://example.com/a' } },
    { tool_name: 'bash', tool_inputs: { command: 'rm -rf build' } },
    { tool_name: 'grep', tool_inputs: { pattern: 'x' } },
  ),
  action: fc.constantFrom('BLOCK', 'BLOCK', 'PASS', 'TRANSFORM'),
});
type Drawn = typeof record extends fc.Arbitrary<infer T> ? T : never;
const batches = fc.array(fc.array(record, { minLength: 1, maxLength: 25 }), { minLength: 2, maxLength: 6 });

/** Chains that are appended to, in their time. */
class Chains {
  readonly ids = new Map<number, string>();
  readonly #heads = new Map<number, string>();
  #atMs: number;
  #count = 0;

  constructor(
    private readonly name: string,
    startMs: number,
  ) {
    this.#atMs = startMs;
  }

  async append(batch: readonly Drawn[]): Promise<void> {
    const { ctx } = installation;
    for (const chain of new Set(batch.map((one) => one.chain))) {
      const lines = batch
        .filter((one) => one.chain === chain)
        .map(({ session, minutes, call, action }) => {
          this.#atMs += minutes * MINUTE_MS;
          this.#count += 1;
          const written = {
            audit_schema: 1,
            ts: new Date(this.#atMs).toISOString(),
            event_id: `${this.name} ${this.#count}`,
            ...(session && { session_id: session }),
            agent: 'a',
            kind: 'tool_call',
            ...call,
            action,
            ...(action === 'TRANSFORM' && { secrets_redacted: 3 }),
            prev_hash: this.#heads.get(chain) ?? '0'.repeat(64),
          };
          const hash = ctx.hasher.sha256(Buffer.from(JSON.stringify(written)));
          this.#heads.set(chain, hash);
          return JSON.stringify({ ...written, hash });
        });
      const { chainId } = await appendRecords(ctx, {
        chain: `${this.name} ${chain}`,
        bytes: Buffer.from(`${lines.join('\n')}\n`),
        precondition: { kind: 'lines' },
        idempotency: null,
        actor: testActor(),
      });
      this.ids.set(chain, chainId);
    }
  }
}

const said = ({ rule_id: rule, group_key: group, window_from: from, window_to: to, record_count: records }: Found) =>
  `${rule} ${group} ${new Date(from).toISOString()} ${new Date(to).toISOString()} ${records}`;
type Found = {
  rule_id: string;
  group_key: string;
  window_from: Date | string;
  window_to: Date | string;
  record_count: number;
};

/** What stands as found in a time, and what every rule finds there when it is asked for all of it. */
async function bothIn({ from, to }: Range): Promise<{ standing: string[]; found: string[] }> {
  const { ctx } = installation;
  const standing = await ctx.db
    .selectFrom('findings')
    .select(['rule_id', 'group_key', 'window_from', 'window_to', 'record_count'])
    .where('superseded_at', 'is', null)
    .where('window_from', '>=', from)
    .where('window_from', '<', to)
    .execute();
  const found = await Promise.all((await catalog(ctx)).map((rule) => findingsOfRule(ctx, rule, { from, to })));
  return {
    standing: standing.map(said).toSorted(),
    found: found
      .flat()
      .map(({ row }) => said(row as Found)) // as rows are made of hits
      .toSorted(),
  };
}

it('rules that look at what is new, and only where it is of them, have found what they find in all of it', async () => {
  const { ctx } = installation;
  let run = 0;
  let findings = 0;
  const all: string[] = [];
  await fc.assert(
    fc.asyncProperty(batches, async (list) => {
      run += 1;
      const startMs = FIRST_MS + run * 10 * DAY_MS;
      const time = { from: new Date(startMs - 3 * DAY_MS), to: new Date(startMs + 6 * DAY_MS) };
      const chains = new Chains(`run ${run}`, startMs);
      for (const batch of list) {
        await chains.append(batch);
        const [chainId = ''] = chains.ids.values();
        await loadTail(ctx, { chainId });
        for (const id of chains.ids.values()) await detectTail(ctx, { chainId: id });
      }
      const { standing, found } = await bothIn(time);
      expect(standing).toEqual(found);
      findings += found.length;
      for (const id of chains.ids.values()) all.push(id);
    }),
    { numRuns: 3 },
  );
  expect(findings).toBeGreaterThan(0);

  await installation.work();
  for (const chainId of all) await closeTail(ctx, { chainId, actor: testActor() });
  for (const chainId of all) await installation.settled(chainId);
  const { standing, found } = await bothIn({
    from: new Date(FIRST_MS),
    to: new Date(FIRST_MS + 10 * (run + 1) * DAY_MS),
  });
  expect(standing).toEqual(found);
}, 300_000);

it('what rules find in slices of a time is what they find in all of it at once', async () => {
  const { ctx } = installation;
  const time = { from: new Date(FIRST_MS), to: new Date(FIRST_MS + 100 * DAY_MS) };
  let compared = 0;
  for (const rule of await catalog(ctx)) {
    const atOnce = await Array.fromAsync(hitsOf(ctx, rule, time));
    if (atOnce.length === 0) continue;
    expect(await Array.fromAsync(hitsOfMany(ctx, rule, time, 5))).toEqual(atOnce);
    compared += 1;
    if (compared === 3) break;
  }
  expect(compared).toBeGreaterThan(0);
});
