import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Drift } from '../../fsck/drift';
import { fsck } from '../../fsck/fsck';
import { appendRecords } from '../../ingest/append-records';
import { runDueTails } from '../../ingest/run-due-tails';
import { addSidecar } from '../../ingest/sidecars';
import { ingestUpload } from '../../ingest/upload';
import { testActor } from '../../testing/actor';
import { fixture, fixtureText } from '../../testing/fixtures';
import { type TestInstallation, startInstallation } from '../../testing/installation';

let installation: TestInstallation;
let looking: NodeJS.Timeout;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
  looking = setInterval(() => void runDueTails(installation.ctx).catch(() => undefined), 300); // as the worker does; the installation may be ending
});
afterAll(() => clearInterval(looking));
afterAll(() => installation?.stop());

const once = (bytes: Buffer) =>
  (async function* () {
    yield bytes;
  })();

it('a chain that grows beside its session file is held against it again, and nothing differs meanwhile', async () => {
  const { ctx } = installation;
  const lines = fixture('nono', 'valid')
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => `${line}\n`);
  const { chainId } = await ingestUpload(ctx, {
    fileName: 'log.jsonl',
    chain: 'a',
    body: once(Buffer.from(lines.slice(0, 100).join(''))),
    actor: testActor(),
  });
  await installation.settled(chainId);
  await addSidecar(ctx, {
    chainId,
    fileName: 'session.json',
    body: once(Buffer.from(fixtureText('nono', 'session.json'))),
    actor: testActor(),
  });
  const verdict = async () =>
    (await ctx.db.selectFrom('chains').select('verdict').where('id', '=', chainId).executeTakeFirstOrThrow()).verdict;
  const becomes = async (wanted: string) => {
    for (
      const untilMs = Date.now() + 60_000;
      (await verdict()) !== wanted;
      await new Promise((resolve) => setTimeout(resolve, 100))
    )
      if (Date.now() > untilMs) throw new Error(`it is ${await verdict()}, not ${wanted}`);
  };
  await becomes('truncated');
  await appendRecords(ctx, {
    chain: 'a',
    format: 'nono',
    bytes: Buffer.from(lines.slice(100).join('')),
    precondition: { kind: 'lines' },
    idempotency: null,
    actor: testActor(),
  });
  const drifts: Drift[] = [];
  await fsck(ctx, (drift) => drifts.push(drift), { only: ['chains'] });
  expect(drifts).toEqual([]);
  await becomes('verified');
  await fsck(ctx, (drift) => drifts.push(drift), { only: ['chains'] });
  expect(drifts).toEqual([]);
});
