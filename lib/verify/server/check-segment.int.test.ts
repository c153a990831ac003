import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { occasioLog } from '../../ingest/sample/occasio-log';
import { createRandom } from '../../ingest/sample/random';
import { ingestUpload } from '../../ingest/upload';
import { getChain } from '../../chains/chains';
import { testActor } from '../../testing/actor';
import { toBytes } from '../../testing/chains';
import { type TestInstallation, startInstallation } from '../../testing/installation';

const RECORDS = 16_000;
const log = occasioLog(createRandom(1), await createHasher(), Date.UTC(2026, 4, 11), {
  agent: 'large',
  calls: RECORDS,
});

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
});
afterAll(() => installation?.stop());

it('checks logs that are worth a thread, several at a time', async () => {
  const altered = log.with(12_345, (log[12_345] ?? '').replace('"action":"', '"action":"X'));
  const settled = await Promise.all(
    [log, altered, log].map(async (lines, index) => {
      const { chainId } = await ingestUpload(installation.ctx, {
        fileName: `${index}.jsonl`,
        chain: `large ${index}`,
        format: 'occasio',
        body: (async function* () {
          yield toBytes(lines);
        })(),
        actor: testActor(),
      });
      await installation.settled(chainId);
      return getChain(installation.ctx, { chainId });
    }),
  );
  expect(
    settled.map(({ verdict, records, problems }) => ({
      verdict,
      records,
      problems: problems.map(({ code, line }) => [code, line]),
    })),
  ).toEqual([
    { verdict: 'verified', records: RECORDS, problems: [] },
    { verdict: 'tampered', records: RECORDS, problems: [['hash-mismatch', 12_346]] },
    { verdict: 'verified', records: RECORDS, problems: [] },
  ]);
});
