import { createHash, hash } from 'node:crypto';
import { test } from 'vitest';
import { createHasher } from '../../hasher';
import { arbiterLog } from '../../ingest/sample/arbiter-log';
import { occasioLog } from '../../ingest/sample/occasio-log';
import { createRandom } from '../../ingest/sample/random';
import { type Content, toBytes, writers } from '../../testing/chains';
import type { FormatId } from './format';
import { FORMATS, formatById } from '../formats';
import { createSegmentChecker } from './check-segment';

const RECORDS = 20_000;
const CHUNK_BYTES = 1024 * 1024;
const END_MS = Date.UTC(2026, 4, 11);

const hasher = await createHasher();
const random = createRandom(1);
const byFormat = writers(hasher);
const contents = Array.from({ length: RECORDS }, (_, index): Content => ({ tool: random.pick(['bash', 'read_file', 'grep']), decision: random.chance(0.1) ? 'deny' : 'allow', note: `${index} /srv/repo/src/${random.uuid()}.ts` }));
const logs: Record<FormatId, Buffer> = {
  occasio: toBytes(occasioLog(random, hasher, END_MS, { agent: 'bench', calls: RECORDS })),
  arbiter: toBytes(arbiterLog(random, hasher, END_MS, { agent: 'bench', calls: RECORDS })),
  nono: toBytes(byFormat.nono.write(contents)),
  agentfence: toBytes(byFormat.agentfence.write(contents)),
  vouch: toBytes(byFormat.vouch.write(contents)),
};

function check(format: FormatId, careful = false): void {
  const checker = createSegmentChecker(formatById(format), hasher, { careful });
  for (let at = 0; at < logs[format].length; at += CHUNK_BYTES) checker.push(logs[format].subarray(at, at + CHUNK_BYTES));
  if (checker.end().check.validRecords !== RECORDS) throw new Error('the bench log must verify');
}

/** The published rule of Occasio's own verifier, walked plainly: the whole file as a string, parse, stringify, hash. */
function plainWalk(): void {
  let expected = '0'.repeat(64);
  for (const line of logs.occasio.toString('utf8').split('\n')) {
    if (line === '') continue;
    const { hash: own, ...covered } = JSON.parse(line);
    const computed = createHash('sha256').update(JSON.stringify(covered)).digest('hex');
    if (covered.prev_hash !== expected || computed !== own) throw new Error('the bench log must verify');
    expected = computed;
  }
}

/** The floor: nothing but one call of the platform's SHA-256 a record. */
function hashesAlone(): void {
  const size = Math.floor(logs.occasio.length / RECORDS);
  for (let at = 0; at + size <= logs.occasio.length; at += size) hash('sha256', logs.occasio.subarray(at, at + size), 'hex');
}

const told = (format: FormatId) => `${(logs[format].length / RECORDS) | 0} B a record, ${(logs[format].length / 1e6).toFixed(1)} MB`;

test(`verify ${RECORDS.toLocaleString('en')} records on one thread`, async ({ bench }) => {
  await bench.compare(
    ...FORMATS.map(({ id, label }) => bench(`${label}, ${told(id)}`, () => check(id))),
    bench('Occasio, every record parsed', () => check('occasio', true)),
    bench("a plain walk by Occasio's rule", plainWalk),
    bench('SHA-256 a record, nothing else', hashesAlone),
    bench('SHA-256 of the Occasio bytes at once', () => void hash('sha256', logs.occasio, 'hex')),
  );
}, 300_000);
