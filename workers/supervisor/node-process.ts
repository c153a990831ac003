import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import * as z from 'zod';
import { eachLine } from '../each-line';
import type { LogFile } from './journal';
import { ROOT } from '../root';

/** What a child says over IPC once others may use it. */
const Ready = z.object({ type: z.literal('ready'), port: z.int().optional(), setupUrl: z.string().nullish() });
export type Ready = z.infer<typeof Ready>;

export type NodeProcess = {
  /** Below the project root; what was built of it is run when SEALTRAIL_PROGRAMS says where that is. */
  readonly script: string;
  /** Server code resolves `server-only` and React's server build under it; Next must choose for itself. */
  readonly serverCondition: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** Of V8. */
  readonly flags?: readonly string[];
  readonly log: LogFile;
  readonly onChild: (child: ChildProcess) => void;
  readonly readyWithinMs: number;
};

/**
 * Starts one of our own processes and resolves with its `ready` message. In its own process group: a terminal's
 * Ctrl-C reaches the supervisor only. It must leave by itself on `disconnect`. Rejects when it ends or hangs first.
 */
export function startNodeProcess({
  script,
  serverCondition,
  env,
  flags = [],
  log,
  onChild,
  readyWithinMs,
}: NodeProcess): Promise<Ready> {
  const programs = env['SEALTRAIL_PROGRAMS'];
  const child = fork(programs ? path.join(programs, script.replace(/\.ts$/, '.mjs')) : path.join(ROOT, script), [], {
    cwd: ROOT,
    env,
    execArgv: programs
      ? [...flags, '--enable-source-maps']
      : [...flags, ...(serverCondition ? ['--conditions=react-server'] : []), '--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  onChild(child);
  eachLine([child.stdout, child.stderr], (line) => log.write(line));
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`was not ready within ${readyWithinMs / 1000} s`));
    }, readyWithinMs);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(patience);
      reject(new Error(`ended with ${signal ?? `exit code ${code}`} before it was ready`));
    });
    child.on('message', (message) => {
      const ready = Ready.safeParse(message);
      if (!ready.success) return;
      clearTimeout(patience);
      resolve(ready.data);
    });
  });
}
