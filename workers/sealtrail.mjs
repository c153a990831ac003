#!/usr/bin/env node
// The `sealtrail` command, from whatever directory it was called: workers/cli.ts as it was built, on the pinned Node.
// Each module of Node's own costs a command milliseconds: what only some of them need is loaded by those.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { isPinned, pinnedNode, ROOT } from './install.mjs';
import { COMPILED, ensurePrograms, programsOf } from './programs.mjs';

if (!existsSync(path.join(ROOT, 'node_modules/esbuild'))) {
  process.stderr.write(`Sealtrail's packages are not installed. Run \`npm start\` in ${ROOT} once.\n`);
  process.exit(2);
}
const programs = await ensurePrograms(programsOf(process.argv[2] ?? '')).catch((error) => {
  process.stderr.write(`Sealtrail's command cannot be built: ${error.message}\n`);
  process.exit(2);
});
const cli = path.join(programs, 'workers/cli.mjs');
const env = {
  NODE_COMPILE_CACHE: COMPILED,
  SEALTRAIL_ROOT: ROOT,
  ...process.env,
  SEALTRAIL_PROGRAMS: programs,
};

if (isPinned()) await runHere();
else await runThere();

async function runHere() {
  Object.assign(process.env, env);
  const { enableCompileCache } = await import('node:module'); // Node 20, which may begin this file, has it not
  enableCompileCache(env.NODE_COMPILE_CACHE);
  await import(pathToFileURL(cli).href);
}

async function runThere() {
  const { spawn } = await import('node:child_process');
  const { constants } = await import('node:os');
  const child = spawn(pinnedNode(), [cli, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env,
  });
  // A terminal's Ctrl-C reaches the command itself; we only wait for what it makes of it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.once('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  });
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
}
