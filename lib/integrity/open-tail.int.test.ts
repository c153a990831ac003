import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createTailSeals, sealedPiece } from '../db/tail-seal';
import { tailBytes } from '../db/tail-bytes';
import { appendRecords } from '../ingest/append-records';
import { closeTail } from '../ingest/close-tail';
import { loadTail } from '../lake/load-tail';
import { openChainBytes } from '../chains/chain-bytes';
import { getChain } from '../chains/chains';
import { getRecord } from '../chains/record';
import { testActor } from '../testing/actor';
import { listRecords } from '../chains/records';
import { writers } from '../testing/chains';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { evidenceState } from './evidence-state';
import { sweepEvidence } from './sweep';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
}, 120_000);
afterAll(() => installation.stop(), 60_000);

let chains = 0;
let chainId: string;
let lines: string[];
/** A growing chain of nine records that came in three appends, loaded. */
beforeEach(async () => {
  chains += 1;
  const { ctx } = installation;
  lines = writers(ctx.hasher)
    .occasio.write(
      Array.from({ length: 9 }, (_, index) => ({
        tool: 'bash',
        decision: 'allow' as const,
        note: `${chains} ${index}`,
      })),
    )
    .map((line) => `${line}\n`);
  for (let at = 0; at < lines.length; at += 3) {
    ({ chainId } = await appendRecords(ctx, {
      chain: `growing ${chains}`,
      bytes: Buffer.from(lines.slice(at, at + 3).join('')),
      precondition: { kind: 'lines' },
      idempotency: null,
      actor: testActor(),
    }));
    await loadTail(ctx, { chainId });
  }
});

const served = async () => new Response((await openChainBytes(installation.ctx, { chainId })).stream).text();
const ATTACKS: [string, () => Promise<unknown>][] = [
  [
    'a bit of a piece is flipped',
    () =>
      sql`UPDATE tail_pieces SET bytes = set_bit(bytes, 40, 1 - get_bit(bytes, 40)) WHERE chain_id = ${chainId} AND byte_offset > 0`.execute(
        installation.ctx.db,
      ),
  ],
  [
    'a piece is changed with its digest',
    () =>
      sql`UPDATE tail_pieces SET bytes = set_byte(bytes, 5, 65), sha256 = sha256(set_byte(bytes, 5, 65)) WHERE chain_id = ${chainId}`.execute(
        installation.ctx.db,
      ),
  ],
  [
    'a piece in the middle is gone',
    () =>
      sql`DELETE FROM tail_pieces WHERE chain_id = ${chainId} AND byte_offset = (SELECT byte_offset FROM tail_pieces WHERE chain_id = ${chainId} ORDER BY byte_offset LIMIT 1 OFFSET 1)`.execute(
        installation.ctx.db,
      ),
  ],
  [
    'the last piece is gone, and the tail is as short',
    () =>
      sql`WITH last AS (DELETE FROM tail_pieces WHERE (chain_id, byte_offset) = (SELECT chain_id, max(byte_offset) FROM tail_pieces WHERE chain_id = ${chainId} GROUP BY chain_id) RETURNING byte_offset)
      UPDATE tails SET size_bytes = last.byte_offset, complete_bytes = last.byte_offset FROM last WHERE chain_id = ${chainId}`.execute(
        installation.ctx.db,
      ),
  ],
  [
    'two pieces are sealed by somebody who does not know the secret',
    async () => {
      const { ctx } = installation;
      const forger = createTailSeals('another secret of thirty-two characters');
      for (const piece of await ctx.db
        .selectFrom('tail_pieces')
        .selectAll()
        .where('chain_id', '=', chainId)
        .execute()) {
        await ctx.db
          .updateTable('tail_pieces')
          .set(sealedPiece(forger, piece, Buffer.from(piece.bytes).fill('x', 3, 4)))
          .where('chain_id', '=', chainId)
          .where('byte_offset', '=', piece.byte_offset)
          .execute();
      }
    },
  ],
];

it.each(ATTACKS)('when %s, nothing is served, shown or closed of it, and the chain says so', async (_name, attack) => {
  const { ctx } = installation;
  expect(await served()).toBe(lines.join(''));
  expect(await getRecord(ctx, { chainId, ordinal: 4 })).toMatchObject({ raw: lines[4]?.trimEnd() });
  await attack();
  await expect(served()).rejects.toMatchObject({ code: 'EVIDENCE_ALTERED', details: { chainId } });
  await expect(tailBytes(ctx, chainId, 0)).rejects.toMatchObject({ code: 'EVIDENCE_ALTERED' });
  await expect(closeTail(ctx, { chainId, actor: testActor() })).rejects.toMatchObject({ code: 'EVIDENCE_ALTERED' });
  expect(await ctx.db.selectFrom('chain_segments').select('digest').where('chain_id', '=', chainId).execute()).toEqual(
    [],
  );
  await sweepEvidence(ctx, { bytesPerSecond: Number.POSITIVE_INFINITY, everyMs: 0, forMs: 60_000 });
  expect((await evidenceState(ctx)).damaged.altered).toBeGreaterThan(0);
  expect((await getChain(ctx, { chainId })).damage).toContain('not what was received');
  const { items } = await listRecords(ctx, { chainId, limit: 20 });
  expect([items.length, new Set(items.map(({ integrity }) => integrity))]).toEqual([9, new Set(['damaged'])]);
});

it('is well again when the rows are as they were', async () => {
  const { ctx } = installation;
  const pieces = await ctx.db.selectFrom('tail_pieces').selectAll().where('chain_id', '=', chainId).execute();
  await ctx.db.deleteFrom('tail_pieces').where('chain_id', '=', chainId).execute();
  const sweep = () => sweepEvidence(ctx, { bytesPerSecond: Number.POSITIVE_INFINITY, everyMs: 0, forMs: 60_000 });
  await sweep();
  expect((await getChain(ctx, { chainId })).damage).not.toBeNull();
  await ctx.db.insertInto('tail_pieces').values(pieces).execute();
  await sweep();
  expect((await getChain(ctx, { chainId })).damage).toBeNull();
  await closeTail(ctx, { chainId, actor: testActor() });
  expect(await served()).toBe(lines.join(''));
});

it('goes on after it was closed, and is under seals then too', async () => {
  const { ctx } = installation;
  await closeTail(ctx, { chainId, actor: testActor() });
  const more =
    writers(ctx.hasher).occasio.write([{ tool: 'bash', decision: 'allow', note: 'more' }], {
      prev: JSON.parse(lines.at(-1) ?? '').hash,
      sequence: 9,
    })[0] ?? '';
  await ctx.db
    .updateTable('chains')
    .set((eb) => ({ verified_generation: eb.ref('generation') }))
    .where('id', '=', chainId)
    .execute();
  await appendRecords(ctx, {
    chain: `growing ${chains}`,
    bytes: Buffer.from(`${more}\n`),
    precondition: { kind: 'lines' },
    idempotency: null,
    actor: testActor(),
  });
  expect(await served()).toBe(`${lines.join('')}${more}\n`);
  const { seal_key: key } = await ctx.db
    .selectFrom('tails')
    .select('seal_key')
    .where('chain_id', '=', chainId)
    .executeTakeFirstOrThrow();
  expect(key).toBe(ctx.seals.id);
  await sql`UPDATE tail_pieces SET bytes = set_byte(bytes, 2, 66) WHERE chain_id = ${chainId}`.execute(ctx.db);
  await expect(served()).rejects.toMatchObject({ code: 'EVIDENCE_ALTERED' });
});

it('what was open before there were seals is held against its digests until it is closed', async () => {
  const { ctx } = installation;
  await ctx.db.updateTable('tails').set({ seal: null, seal_key: null }).where('chain_id', '=', chainId).execute();
  await ctx.db.updateTable('tail_pieces').set({ seal: null }).where('chain_id', '=', chainId).execute();
  expect(await served()).toBe(lines.join(''));
  await sql`UPDATE tail_pieces SET bytes = set_byte(bytes, 2, 66) WHERE chain_id = ${chainId} AND byte_offset = 0`.execute(
    ctx.db,
  );
  await expect(served()).rejects.toMatchObject({ code: 'EVIDENCE_ALTERED' });
});
