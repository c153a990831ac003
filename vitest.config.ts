import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const root = fileURLToPath(new URL('.', import.meta.url));
const resolve = {
  alias: {
    '@': root.replace(/\/$/, ''),
    // Its `react-server` entry: tests are server code.
    'server-only': `${root}node_modules/server-only/empty.js`,
  },
};
const everywhere = ['lib/**', 'workers/**', 'app/**', 'e2e/**'];

/** Files that take longest, the longest first: one begun last would keep the others waiting. */
const LONGEST = [
  'lib/forward/forward.int.test.ts',
  'app/_server/every-route.int.test.ts',
  'lib/fsck/columns.int.test.ts',
  'lib/attest/standard-statements.int.test.ts',
  'lib/fsck/while-working.int.test.ts',
  'lib/verify/local/same-as-server.int.test.ts',
  'workers/cli/attest.int.test.ts',
  'lib/verify/server/verify-sidecars.int.test.ts',
  'workers/cli/cli.int.test.ts',
  'lib/integrity/bit-flips.int.test.ts',
  'workers/cli/sidecars.int.test.ts',
  'lib/ingest/append-records.int.test.ts',
  'workers/postgres/postgres.int.test.ts',
  'lib/ingest/archive.int.test.ts',
  'lib/attest/tree/chain-tree.int.test.ts',
  'lib/package/readme.int.test.ts',
  'lib/verify/server/witness.int.test.ts',
  'lib/core/rules/kinds/event-count.int.test.ts',
  'workers/cli/verify-bundle.int.test.ts',
  'lib/core/chain/fast-path.test.ts',
  'lib/core/statements/verify/parts.test.ts',
  'lib/core/chain/chain.test.ts',
  'lib/ingest/bounded-work.test.ts',
  'lib/attest/signers/signers.test.ts',
];

/** Files of one worker share what they import, and the threads that were started: one that changes what others read takes modules of its own. */
const isolate = false;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is no array's
    const sorted = await super.sort(files);
    const longest = LONGEST.flatMap((name) => sorted.filter(({ moduleId }) => moduleId === `${root}${name}`));
    return [...longest, ...sorted.filter((file) => !longest.includes(file))];
  }
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          isolate,
          include: everywhere.map((folder) => `${folder}/*.test.ts`),
          exclude: ['**/*.int.test.ts', 'node_modules/**'],
          testTimeout: 60_000,
        },
      },
      {
        resolve,
        test: {
          name: 'integration',
          isolate,
          include: everywhere.map((folder) => `${folder}/*.int.test.ts`),
          globalSetup: ['./lib/testing/verifier-page.ts', './lib/testing/engines.ts'],
          // Benchmarks run once, with the unit project.
          benchmark: { include: [] },
          exclude: ['node_modules/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
