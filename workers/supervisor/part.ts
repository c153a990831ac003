import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Journal, LogFile } from './journal';
import type { PartName } from './options';
import type { ProcessList } from './process-list';

/** How one process is started: resolves when it is ready for others. Every child is handed over as it is spawned. */
export type Starter = (log: LogFile, onChild: (child: ChildProcess) => void) => Promise<void>;

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A process that ran this long starts again with the shortest pause. */
const HEALTHY_MS = 5_000;

/** Pause before the n-th start in a row after an early end, n from 1. */
export function pauseMs(attempt: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
}

/** Keeps one process running: starts it, starts it again with growing pauses when it ends, stops it. */
export class Part {
  #child: ChildProcess | null = null;
  #ready: ChildProcess | null = null;
  #attempt = 0;
  #startedAt = 0;
  #stopping = false;
  /** Cuts the pause before the next start short, while there is one. */
  #nudge: (() => void) | null = null;
  #ended: Promise<void> = Promise.resolve();
  readonly #file: LogFile;

  constructor(
    readonly name: PartName,
    private readonly starter: Starter,
    private readonly stopSignal: NodeJS.Signals,
    private readonly journal: Journal,
    private readonly processes: ProcessList,
  ) {
    this.#file = journal.fileFor(name);
  }

  /** First start. Throws with the process's last words after three failures. */
  async start(): Promise<void> {
    for (;;) {
      try {
        await this.#launch();
        return;
      } catch (error) {
        this.#attempt += 1;
        this.journal.log.error({ part: this.name, attempt: this.#attempt, err: error }, 'did not start');
        if (this.#stopping) return;
        if (this.#attempt >= 3)
          throw new Error(`${this.name} does not start: ${messageOf(error)}\n${this.#lastWords()}`, { cause: error });
        await sleep(pauseMs(this.#attempt));
      }
    }
  }

  /** Asks the process to end and kills it, and whatever it started, after `graceMs`. Never throws. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child) return;
    this.#signal(child, this.stopSignal);
    const inTime = await Promise.race([this.#ended.then(() => true), sleep(graceMs, false, { ref: false })]);
    if (!inTime) {
      this.journal.log.warn({ part: this.name, graceMs }, 'did not stop in time and is killed');
      this.kill();
      await this.#ended;
    }
    this.journal.log.info({ part: this.name }, 'stopped');
  }

  /** Stops it and starts it again, or starts it at once when it is waiting to be. Never throws. */
  async restart(graceMs: number): Promise<void> {
    this.#nudge?.();
    const child = this.#child;
    if (!child || child !== this.#ready || this.#stopping) return;
    this.#ready = null;
    this.#signal(child, this.stopSignal);
    if (!(await Promise.race([this.#ended.then(() => true), sleep(graceMs, false, { ref: false })])))
      this.#signal(child, 'SIGKILL');
    await this.#ended;
    if (this.#stopping) return;
    await this.#launch().catch((error: unknown) => void this.#again(messageOf(error)));
  }

  /** Ends it now. PostgreSQL is told to quit without ceremony, which its log recovers from. */
  kill(): void {
    this.#stopping = true;
    if (this.#child) this.#signal(this.#child, this.name === 'postgres' ? 'SIGQUIT' : 'SIGKILL');
  }

  async #launch(): Promise<void> {
    this.#startedAt = Date.now();
    await this.starter(this.#file, (child) => this.#adopt(child));
    if (!this.#child) throw new Error('ended as soon as it was ready');
    this.#ready = this.#child;
    this.journal.log.info({ part: this.name, pid: this.#child?.pid, tookMs: Date.now() - this.#startedAt }, 'ready');
  }

  #adopt(child: ChildProcess): void {
    this.#child = child;
    if (child.pid) this.processes.set(this.name, child.pid);
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        if (this.#child === child) this.#child = null;
        this.processes.delete(this.name);
        resolve();
        // Before it is ready the starter's rejection says all there is to say.
        if (!this.#stopping && this.#ready === child) void this.#again(signal ?? `exit code ${code}`);
      });
    });
  }

  async #again(how: string): Promise<void> {
    if (Date.now() - this.#startedAt > HEALTHY_MS) this.#attempt = 0;
    for (;;) {
      this.#attempt += 1;
      const waitMs = pauseMs(this.#attempt);
      this.journal.log.error(
        { part: this.name, how, attempt: this.#attempt, waitMs, last: this.#file.recent().slice(-5) },
        'ended by itself and is started again',
      );
      this.journal.say(
        `  ${this.name} ended (${how}); starting it again in ${(waitMs / 1000).toFixed(1)} s. Log: ${this.#file.file}`,
      );
      await Promise.race([sleep(waitMs), new Promise<void>((resolve) => (this.#nudge = resolve))]);
      this.#nudge = null;
      if (this.#stopping) return;
      try {
        await this.#launch();
        this.journal.say(`  ${this.name} is back`);
        return;
      } catch (error) {
        how = messageOf(error);
      }
    }
  }

  #signal(child: ChildProcess, signal: NodeJS.Signals): void {
    if (!child.pid || child.exitCode !== null || child.signalCode !== null) return;
    if (signal !== 'SIGKILL') child.kill(signal);
    else {
      try {
        process.kill(-child.pid, signal);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
      }
    }
  }

  #lastWords(): string {
    return [
      ...this.#file
        .recent()
        .slice(-15)
        .map((line) => `    ${line}`),
      `  Log: ${this.#file.file}`,
    ].join('\n');
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
