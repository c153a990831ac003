import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
const resolve = {
  alias: {
    '@': root.replace(/\/$/, ''),
    // Its `react-server` entry: tests are server code.
    'server-only': `${root}node_modules/server-only/empty.js`,
  },
};
const everywhere = ['lib/**', 'workers/**', 'app/**', 'e2e/**'];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          include: everywhere.map((folder) => `${folder}/*.test.ts`),
          exclude: ['**/*.int.test.ts', 'node_modules/**'],
          testTimeout: 60_000,
        },
      },
      {
        resolve,
        test: {
          name: 'integration',
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
