// `npm start` and `npm run dev`: installs, builds, then runs the supervisor on the pinned Node. Asks nothing.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { buildVerifier, ensureBuilt } from './build.mjs';
import { ensureInstalled, pinnedNode, ROOT } from './install.mjs';
import { COMPILED, ensurePrograms } from './programs.mjs';

/** @param {string} line */
const say = (line) => void process.stdout.write(`${line}\n`);
const args = process.argv.slice(2);
const isDev = args.includes('--dev');

try {
  if (!isRunning()) {
    await ensureInstalled({ dev: false, say });
    await (isDev ? buildVerifier() : ensureBuilt({ say }));
  }
  runSupervisor(isDev ? null : await ensurePrograms());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

/** Whether an installation runs on this data directory: its packages and pages must not be replaced under it. */
function isRunning() {
  const dataDir = path.resolve(ROOT, process.env.SEALTRAIL_DATA_DIR || '.sealtrail');
  try {
    return process.kill(JSON.parse(readFileSync(path.join(dataDir, 'run.json'), 'utf8')).pid, 0);
  } catch {
    // No such file, or it names a process that is gone.
    return false;
  }
}

/** @param {string | null} programs folder they were built into; null runs the sources */
function runSupervisor(programs) {
  const program = programs
    ? ['--enable-source-maps', path.join(programs, 'workers/supervisor.mjs')]
    : ['--import', 'tsx', path.join(ROOT, 'workers/supervisor.ts')];
  const supervisor = spawn(pinnedNode(), [...program, ...args], {
    cwd: ROOT,
    env: {
      ...(programs && { NODE_COMPILE_CACHE: COMPILED }),
      ...process.env,
      NEXT_TELEMETRY_DISABLED: '1',
      SEALTRAIL_ROOT: ROOT,
      SEALTRAIL_PROGRAMS: programs ?? '',
    },
    // The channel tells it when we are gone. Its own process group: a Ctrl-C reaches it once, through us.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => supervisor.kill(signal));
  // npm runs us below a shell that passes on no signal: when npm is told to end, all we see is that our parent is gone.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event)
    setInterval(() => process.ppid !== parent && supervisor.kill('SIGTERM'), 500).unref();
  supervisor.once('error', (error) => {
    process.stderr.write(`The supervisor cannot be started: ${error.message}\n`);
    process.exit(1);
  });
  supervisor.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
}
