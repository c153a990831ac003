import { createHash } from 'node:crypto';
import { test } from 'vitest';
import { createHasher } from '../../hasher';
import { arbiterLog } from '../../ingest/sample/arbiter-log';
import { occasioLog } from '../../ingest/sample/occasio-log';
import { createRandom } from '../../ingest/sample/random';
import { formatById } from '../formats';
import { createSegmentChecker } from './check-segment';

const RECORDS = 20_000;
const CHUNK_BYTES = 1024 * 1024;
const END_MS = Date.UTC(2026, 4, 11);

const hasher = await createHasher();
const random = createRandom(1);
const logs = {
  occasio: Buffer.from(`${occasioLog(random, hasher, END_MS, { agent: 'bench', calls: RECORDS }).join('\n')}\n`),
  arbiter: Buffer.from(`${arbiterLog(random, hasher, END_MS, { agent: 'bench', calls: RECORDS }).join('\n')}\n`),
};

function check(format: 'occasio' | 'arbiter'): void {
  const checker = createSegmentChecker(formatById(format), hasher);
  for (let at = 0; at < logs[format].length; at += CHUNK_BYTES) checker.push(logs[format].subarray(at, at + CHUNK_BYTES));
  if (checker.end().check.validRecords !== RECORDS) throw new Error('the bench log must verify');
}

/** The published rule of the original verifier, walked plainly: the whole file as a string, parse, stringify, hash. */
function plainWalk(): void {
  let expected = '0'.repeat(64);
  for (const line of logs.occasio.toString('utf8').split('\n')) {
    if (line === '') continue;
    const { hash, ...covered } = JSON.parse(line);
    const computed = createHash('sha256').update(JSON.stringify(covered)).digest('hex');
    if (covered.prev_hash !== expected || computed !== hash) throw new Error('the bench log must verify');
    expected = computed;
  }
}

test(`verify ${RECORDS.toLocaleString('en')} records on one thread`, async ({ bench }) => {
  await bench.compare(
    bench(`Occasio, ${(logs.occasio.length / RECORDS) | 0} B a record`, () => check('occasio')),
    bench(`Arbiter, ${(logs.arbiter.length / RECORDS) | 0} B a record`, () => check('arbiter')),
    bench("a plain walk by Occasio's rule", plainWalk),
    bench('SHA-256 of the Occasio bytes alone', () => void createHash('sha256').update(logs.occasio).digest()),
  );
});
