import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendRecords } from '../ingest/append-records';
import { closeTail } from '../ingest/close-tail';
import { ingestUpload } from '../ingest/upload';
import { UploadRelation } from '../schemas/uploads';
import { testActor } from '../testing/actor';
import { writers } from '../testing/chains';
import { type TestInstallation, startInstallation } from '../testing/installation';
import type { Drift } from './drift';
import { fsck } from './fsck';

let installation: TestInstallation;
let chainId = '';
const RELATIONS: UploadRelation[] = [
  'new',
  'extends',
  'shorter',
  'extends',
  'forks',
  'rewrites',
  'extends',
  'continues',
  'continues',
  'replaces',
];
/** As the trust model says: what bytes alone do not tell may have been beyond telling, and which head was the furthest seen is not on record. */
const BEYOND_TELLING: Record<number, UploadRelation[]> = { 6: ['replaces'], 9: ['extends'] };

beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  const { ctx } = installation;
  await installation.work();
  const occasio = (notes: readonly string[]) =>
    writers(ctx.hasher).occasio.write(notes.map((note) => ({ tool: 'bash', decision: 'allow' as const, note })));
  const genuine = occasio(Array.from({ length: 12 }, (_, index) => `note ${index}`));
  const forked = occasio(['note 0', 'note 1', 'note 2', 'another', 'and another']);
  const rewritten = occasio(['another from the beginning', 'note 1']);
  const send = async (lines: readonly string[]) => {
    async function* body() {
      yield Buffer.from(lines.map((line) => `${line}\n`).join(''));
    }
    ({ chainId } = await ingestUpload(ctx, {
      fileName: 'log.jsonl',
      chain: 'classified',
      body: body(),
      actor: testActor(),
    }));
    await installation.settled(chainId);
  };
  await send(genuine.slice(0, 5));
  await send(genuine.slice(0, 8));
  await send(genuine.slice(0, 6));
  await send(genuine.slice(0, 8));
  await send(forked);
  await send(rewritten);
  await send(genuine.slice(0, 9));
  await send(genuine.slice(9, 10));
  await appendRecords(ctx, {
    chain: 'classified',
    bytes: Buffer.from(`${genuine[10]}\n`),
    precondition: { kind: 'lines' },
    idempotency: null,
    actor: testActor(),
  });
  await closeTail(ctx, { chainId, actor: testActor() });
  await installation.settled(chainId);
  await send(genuine.slice(0, 11).map((line) => line.replace('{', '{ ')));
  await ctx.queue.stop(10_000);
}, 240_000);
afterAll(() => installation?.stop());

const uploads = () =>
  installation.ctx.db
    .selectFrom('uploads')
    .select(['id', 'relation'])
    .where('chain_id', '=', chainId)
    .orderBy('id')
    .execute();
const reported = async () => {
  const drifts: Drift[] = [];
  await fsck(installation.ctx, (drift) => drifts.push(drift), { only: ['chains'] });
  return drifts;
};

it('reports nothing of uploads as they were classified', async () => {
  expect((await uploads()).map(({ relation }) => relation)).toEqual(RELATIONS);
  expect(await reported()).toEqual([]);
});

describe.each(RELATIONS.map((relation, index) => [relation, index] as const))(
  'what was classified as "%s", upload %i',
  (relation, index) => {
    it('is reported when another relation is on record', async () => {
      const { db } = installation.ctx;
      const upload = (await uploads())[index];
      const unreported: string[] = [];
      for (const other of UploadRelation.options.filter((one) => one !== relation)) {
        await db
          .updateTable('uploads')
          .set({ relation: other })
          .where('id', '=', upload?.id ?? '')
          .execute();
        if ((await reported()).length === 0) unreported.push(other);
      }
      await db
        .updateTable('uploads')
        .set({ relation })
        .where('id', '=', upload?.id ?? '')
        .execute();
      expect(unreported).toEqual(BEYOND_TELLING[index] ?? []);
    });
  },
);
