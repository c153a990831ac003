import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormatId } from '../../core/chain/format';
import { createHasher } from '../../crypto/hasher';
import { ingestUpload } from '../../ingest/upload';
import { getChain } from '../../chains/chains';
import { listHeads } from '../../chains/heads';
import { testActor } from '../../testing/actor';
import { type Content, hashOf, toBytes, writers } from '../../testing/chains';
import { type TestInstallation, startInstallation } from '../../testing/installation';

const { write } = writers(await createHasher()).occasio;
const record = (note: string): Content => ({ tool: 'bash', decision: 'allow', note });
const genuine = Array.from({ length: 40 }, (_, index) => record(`record ${index}`));
const lines = write(genuine);
const branch = (at: number, more: number) =>
  write([...genuine.slice(0, at), ...Array.from({ length: more }, (_, index) => record(`branch ${index}`))]);

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
});
afterAll(() => installation?.stop());

async function* once(bytes: Uint8Array) {
  yield bytes;
}
const send = (chain: string, log: readonly string[], format: FormatId = 'occasio') =>
  ingestUpload(installation.ctx, {
    fileName: `${chain}.jsonl`,
    chain,
    format,
    body: once(toBytes(log)),
    actor: testActor(),
  });
async function settle(chain: string, log: readonly string[]) {
  const receipt = await send(chain, log);
  await installation.settled(receipt.chainId);
  return { receipt, chain: await getChain(installation.ctx, { chainId: receipt.chainId }) };
}
const states = async (chainId: string) =>
  (await listHeads(installation.ctx, { chainId, limit: 10 })).items.map(({ records, state, differsFrom }) => ({
    records,
    state,
    differsFrom,
  }));

describe('an upload against what was witnessed', () => {
  it('forks at the record where it leaves the history', async () => {
    await settle('forked', lines.slice(0, 20));
    await settle('forked', lines);
    const fork = branch(25, 30);
    const { receipt, chain } = await settle('forked', fork);
    expect(receipt).toMatchObject({ relation: 'forks', forkedAt: 25 });
    expect(chain).toMatchObject({ verdict: 'forked', records: 55, problemsTotal: 1 });
    expect(chain.problems).toMatchObject([
      {
        code: 'fork',
        record: 25,
        line: 26,
        byteOffset: toBytes(fork.slice(0, 25)).length,
        byteLength: Buffer.byteLength(fork[25] ?? ''),
        expected: hashOf(lines[25]),
        found: hashOf(fork[25]),
      },
    ]);
    expect(await states(receipt.chainId)).toEqual([
      { records: 40, state: 'forked', differsFrom: 25 },
      { records: 20, state: 'extended', differsFrom: null },
    ]);

    const restored = await settle('forked', lines);
    expect(restored).toMatchObject({
      receipt: { relation: 'identical', forkedAt: null },
      chain: { verdict: 'verified', problemsTotal: 0 },
    });
    expect(await states(receipt.chainId)).toMatchObject([{ state: 'current' }, { state: 'extended' }]);
  });

  it('forks also when the branch is shorter, or sent before the genuine log was looked at', async () => {
    await send('short fork', lines);
    const { receipt, chain } = await settle('short fork', branch(30, 2));
    expect(receipt).toMatchObject({ relation: 'forks', forkedAt: 30 });
    expect(chain).toMatchObject({ verdict: 'forked', problemCounts: { fork: 1 }, problemsTotal: 1 });
  });

  it('forks from what was cut off before', async () => {
    await settle('cut fork', lines);
    expect((await settle('cut fork', lines.slice(0, 30))).receipt).toMatchObject({ relation: 'shorter' });
    const { receipt, chain } = await settle('cut fork', branch(30, 20));
    expect(receipt).toMatchObject({ relation: 'forks', forkedAt: 30 });
    expect(chain).toMatchObject({ verdict: 'forked', problems: [{ code: 'fork', record: 30, line: 31 }] });
  });

  it('rewrites when it shares no record', async () => {
    await settle('rewritten', lines);
    const { receipt, chain } = await settle('rewritten', branch(0, 40));
    expect(receipt).toMatchObject({ relation: 'rewrites', forkedAt: 0 });
    expect(chain).toMatchObject({
      verdict: 'tampered',
      problems: [{ code: 'history-rewritten', record: 0, line: 1, byteOffset: 0, expected: hashOf(lines[0]) }],
    });
    expect(await states(receipt.chainId)).toMatchObject([{ state: 'rewritten', differsFrom: 0 }]);
  });

  it('finds the fork in a log that came in several files', async () => {
    await settle('in parts', lines.slice(0, 15));
    expect((await settle('in parts', lines.slice(15))).receipt).toMatchObject({ relation: 'continues' });
    const { receipt, chain } = await settle('in parts', branch(35, 9));
    expect(receipt).toMatchObject({ relation: 'forks', forkedAt: 35 });
    expect(chain).toMatchObject({ verdict: 'forked', problems: [{ code: 'fork', record: 35 }] });
  });

  it('tells an altered copy by its record, and damage as damage', async () => {
    await settle('altered', lines);
    const altered = await settle('altered', lines.with(12, (lines[12] ?? '').replaceAll('record 12', 'record no')));
    expect(altered).toMatchObject({
      receipt: { relation: 'rewrites', forkedAt: 12 },
      chain: { verdict: 'tampered', problems: [{ code: 'hash-mismatch', record: 12 }] },
    });
    await settle('damaged', lines);
    const damaged = await settle('damaged', lines.with(12, '{"half'));
    expect(damaged.chain).toMatchObject({ verdict: 'corrupt', problems: [{ code: 'not-json', line: 13 }] });
  });
});

describe('a chain as a whole', () => {
  it('is recognised under another name by its first record', async () => {
    const whole = write(genuine.map(({ note }) => record(`same ${note}`)));
    const parts = {
      first: whole,
      copy: whole,
      longer: [...whole, ...write([record('later')], { prev: hashOf(whole.at(-1)), sequence: 40 })],
      shorter: whole.slice(0, 9),
    };
    for (const [name, log] of Object.entries(parts)) await settle(`same/${name}`, log);
    const { chain } = await settle(
      'same/branch',
      write([...genuine.slice(0, 3).map(({ note }) => record(`same ${note}`)), record('else')]),
    );
    expect(chain.sameLog.map(({ name, relation }) => [name, relation])).toEqual(
      ['copy', 'first', 'longer', 'shorter'].map((name) => [`same/${name}`, 'diverged']),
    );
    const first = await installation.ctx.db
      .selectFrom('chains')
      .select('id')
      .where('name', '=', 'same/first')
      .executeTakeFirstOrThrow();
    const { sameLog, verdict } = await getChain(installation.ctx, { chainId: first.id });
    expect(verdict).toBe('verified');
    expect(sameLog.map(({ name, relation, records }) => [name, relation, records])).toEqual([
      ['same/branch', 'diverged', 4],
      ['same/copy', 'identical', 40],
      ['same/longer', 'longer', 41],
      ['same/shorter', 'shorter', 9],
    ]);
  });

  it('is not taken for the rotated file of another that begins with its first record', async () => {
    await settle('rotated', lines.slice(0, 10));
    await settle('rotated', lines.slice(10));
    const { chain } = await settle('second file', lines.slice(10));
    expect(chain.sameLog).toEqual([]);
  });

  it('is summed up with its longest gaps in time', async () => {
    const at = (seconds: number) => new Date(Date.UTC(2026, 4, 11) + seconds * 1000).toISOString();
    const seconds = [0, 10, 20, 30, 30 + 7200, 30 + 7210, 30 + 7220, 30 + 7230 + 86_400, 30 + 7230 + 86_400 + 1800];
    const log = seconds.map((second) =>
      JSON.stringify({
        ts: at(second),
        event_id: `${second}`,
        agent: 'a',
        kind: 'tool_call',
        tool_name: 'bash',
        action: 'PASS',
      }),
    );
    const { chain } = await settle('quiet', log);
    expect(chain.summary).toEqual({
      range: { from: at(0), to: at(seconds.at(-1) ?? 0) },
      records: { valid: 0, total: 9 },
      timeSteps: { count: 0, largest: [] },
      untimed: { count: 0, first: null },
      gaps: [
        { record: 7, from: at(30 + 7220), to: at(30 + 7230 + 86_400), seconds: 86_410 },
        { record: 4, from: at(30), to: at(30 + 7200), seconds: 7200 },
      ],
      sentence: expect.stringContaining(
        '2 gaps in time stand out, the longest 1 day, from 11 May 2026 02:00 to 12 May 2026 02:01 UTC.',
      ),
    });
  });
});
