import { chmodSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { Installation } from './supervisor/installation';
import { isHolder, takeLock } from './supervisor/instance-lock';
import { openJournal } from './supervisor/journal';
import { type Options, readOptions, UsageError } from './supervisor/options';
import { ProcessList } from './supervisor/process-list';
import { startReaper } from './supervisor/reaper';
import { unfinishedRestore } from './supervisor/unfinished-restore';
import { reserveWebPort } from './supervisor/web-port';

/** Signals closer together than this are one: a terminal and npm both pass on the same Ctrl-C. */
const SAME_SIGNAL_MS = 1000;

try {
  await main(readOptions(process.argv.slice(2), process.env));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}

async function main(options: Options): Promise<void> {
  const lock = await takeLock(`data ${options.dataDir}`);
  if (isHolder(lock)) {
    const where = lock.url ? ` at ${lock.url}` : '';
    throw new UsageError(
      `Sealtrail already runs on ${options.dataDir} (process ${lock.pid}${where}). Stop it first, or set SEALTRAIL_DATA_DIR to another directory.`,
    );
  }
  const unfinished = unfinishedRestore(options.dataDir);
  if (unfinished !== null) throw new UsageError(unfinished);
  chmodSync(options.dataDir, 0o700);
  const journal = openJournal(options.dataDir);
  const processes = new ProcessList(options.dataDir, startReaper());
  const killed = await processes.endOrphans();
  if (killed.length > 0) journal.log.warn({ killed }, 'processes left by an earlier run were ended');

  const port = options.parts.includes('web') ? await reserveWebPort(options.host, options.port) : 0;
  const publicUrl = options.publicUrl?.replace(/\/$/, '') ?? `http://${reachable(options.host)}:${port}`;
  lock.tell({ pid: process.pid, url: publicUrl });
  const installation = new Installation({ ...options, port, publicUrl }, journal, processes);
  stopOnSignals(installation, journal.say);

  journal.say(`Sealtrail starts; data in ${options.dataDir}`);
  try {
    const setupUrl = await installation.start();
    if (options.parts.includes('web')) journal.say(`Sealtrail is ready: ${publicUrl}`);
    if (setupUrl) journal.say(`First run: make the administrator with this one-time link: ${setupUrl}`);
  } catch (error) {
    journal.log.fatal({ err: error }, 'start failed');
    process.stderr.write(`Sealtrail could not start: ${error instanceof Error ? error.message : String(error)}\n`);
    await installation.stop();
    process.exit(1);
  }
}

function stopOnSignals(installation: Installation, say: (line: string) => void): void {
  // A Ctrl-C ends the reader of a pipe before us. All that is said stands in the logs as well.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  let firstAt = 0;
  const onSignal = () => {
    if (firstAt === 0) {
      firstAt = Date.now();
      say('Sealtrail stops');
      void installation.stop().then(() => process.exit(0));
    } else if (Date.now() - firstAt > SAME_SIGNAL_MS) {
      installation.hurry();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  // The starter is gone: nobody could stop us from the terminal any more.
  if (process.connected) process.on('disconnect', onSignal);
  let hasCrashed = false;
  const onCrash = (error: unknown) => {
    if (hasCrashed) return; // what fails while it stops must not keep it from stopping
    hasCrashed = true;
    process.stderr.write(`Sealtrail's supervisor failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    void installation.stop().then(() => process.exit(1));
  };
  process.on('uncaughtException', onCrash);
  process.on('unhandledRejection', onCrash);
}

/** A name that opens in a browser on this machine for an address listened on. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return isIPv6(host) ? `[${host}]` : host;
}
