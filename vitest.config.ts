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
  'app/_server/every-route.int.test.ts',
  'lib/core/rules/kinds/kinds.int.test.ts',
  'workers/cli/backup.int.test.ts',
  'lib/report-check/check-run.int.test.ts',
  'lib/fsck/columns.int.test.ts',
  'lib/events/search.int.test.ts',
  'lib/attest/standard-statements.int.test.ts',
  'lib/forward/forward.int.test.ts',
  'lib/detect/incremental.int.test.ts',
  'lib/package/report-runs/report-runs.int.test.ts',
  'lib/reports/controls/controls.int.test.ts',
  'lib/package/report-runs/from-evidence.int.test.ts',
  'lib/verify/local/same-as-server.int.test.ts',
  'lib/retention/retention.int.test.ts',
  'lib/fsck/while-working.int.test.ts',
  'lib/reports/sums.int.test.ts',
  'lib/verify/server/verify-sidecars.int.test.ts',
  'lib/package/report-runs/definitions.int.test.ts',
  'lib/chains/growth.int.test.ts',
  'lib/events/session-line.int.test.ts',
  'app/_server/other-workspace.int.test.ts',
  'lib/activity/lines.int.test.ts',
  'lib/package/package.int.test.ts',
  'lib/detect/detect-chain.int.test.ts',
  'lib/testing/hostile.int.test.ts',
  'lib/events/session.int.test.ts',
  'lib/integrity/bit-flips.int.test.ts',
  'lib/ingest/append-records.int.test.ts',
  'workers/cli/attest.int.test.ts',
  'lib/lake/figures/keep-figures.int.test.ts',
  'lib/package/report-runs/incident.int.test.ts',
  'lib/activity/carry.int.test.ts',
  'app/_server/every-action.int.test.ts',
  'lib/integrity/altered-evidence.int.test.ts',
  'lib/core/rules/kinds/occasio.int.test.ts',
  'workers/cli/cli.int.test.ts',
  'workers/run-workspaces.int.test.ts',
  'app/_server/every-access.int.test.ts',
  'lib/fsck/fsck.int.test.ts',
  'lib/detect/own-rules/own-rules.int.test.ts',
  'app/_server/every-csv.int.test.ts',
  'lib/activity/worker.int.test.ts',
  'lib/package/readme.int.test.ts',
  'lib/ingest/upload.int.test.ts',
  'lib/evidence/s3-store.int.test.ts',
  'lib/activity/counted.int.test.ts',
  'lib/verify/server/witness.int.test.ts',
  'lib/ingest/archive.int.test.ts',
  'lib/package/report-runs/delivery.int.test.ts',
  'workers/cli/sidecars.int.test.ts',
  'lib/detect/watermarks.int.test.ts',
  'lib/access/oidc/oidc.int.test.ts',
  'lib/attest/tree/chain-tree.int.test.ts',
  'workers/postgres/postgres.int.test.ts',
  'lib/detect/suppressions/suppressions.int.test.ts',
  'lib/integrity/run-integrity-rules.int.test.ts',
  'lib/core/rules/predicate-sql.int.test.ts',
  'lib/attest/private-instance.int.test.ts',
  'lib/ingest/sample/findings.test.ts',
  'lib/attest/signers/signers.test.ts',
  'lib/forward/rotated.test.ts',
  'lib/archive/decode.test.ts',
  'lib/core/statements/verify/parts.test.ts',
  'lib/backup/archive.test.ts',
  'lib/ingest/bounded-work.test.ts',
  'lib/core/chain/fast-path.test.ts',
  'workers/web/slow-senders.test.ts',
  'lib/core/chain/record-reader.test.ts',
  'workers/supervisor/part.test.ts',
  'lib/core/chain/chain.test.ts',
  'lib/reports/schedule/schedule.test.ts',
  'lib/verify/local/verify-log.test.ts',
  'lib/verify/page/in-browser.test.ts',
  'lib/evidence/file-store.test.ts',
  'lib/core/formats/nono/session-folder.test.ts',
  'workers/programs.test.ts',
  'lib/crypto/hasher-browser.test.ts',
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
