#!/usr/bin/env node
// The `sealtrail` command: hands over to workers/cli.ts on the pinned Node, from whatever directory it was called.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { pinnedNode, ROOT } from './install.mjs';

const loader = path.join(ROOT, 'node_modules/tsx/dist/loader.mjs');
if (!existsSync(loader)) {
  process.stderr.write(`Sealtrail's packages are not installed. Run \`npm start\` in ${ROOT} once.\n`);
  process.exit(2);
}

// A command is short and may have many threads: small heaps serve it better than fast ones.
const args = ['--optimize-for-size', '--conditions=react-server', '--import', pathToFileURL(loader).href, path.join(ROOT, 'workers/cli.ts'), ...process.argv.slice(2)];
const child = spawn(pinnedNode(), args, {
  stdio: 'inherit',
  // Code is compiled once for all runs, kept where only whoever installed the packages may write.
  env: { NODE_COMPILE_CACHE: path.join(ROOT, 'node_modules/.cache/sealtrail'), ...process.env, TSX_TSCONFIG_PATH: path.join(ROOT, 'tsconfig.json') },
});
// A terminal's Ctrl-C reaches the command itself; we only wait for what it makes of it.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.once('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
});
child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
