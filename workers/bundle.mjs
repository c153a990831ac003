// Plain JavaScript, as install.mjs.
import path from 'node:path';
import { ROOT } from './install.mjs';

/** How everything of ours that Node runs without a loader is bundled. @type {import('esbuild').BuildOptions} */
export const BUNDLED = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  format: 'esm',
  legalComments: 'none',
  logLevel: 'silent',
  conditions: ['react-server'],
  tsconfig: path.join(ROOT, 'tsconfig.json'),
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';const require = requireFrom(import.meta.url);",
  },
};
