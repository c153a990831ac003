import { existsSync } from 'node:fs';
import path from 'node:path';
import type { FormatId, Hasher } from '../core/chain/format';
import { backOffMs } from './back-off';
import { chainNameOf } from './chain-template';
import { findLogs, type Source } from './find-logs';
import { FollowedLog, type Step } from './followed-log';
import { isRenamedOf } from './is-renamed';
import type { Sink } from './sink';
import { createSlots } from './slots';
import { beginState, type LogState, readState, stateFile } from './state';
import { FolderWatch, Sleeper } from './waker';

/** Logs that are read and sent at the same time. */
const CONCURRENT = 4;
/** What is written within this time goes together. */
const GATHER_MS = 200;
/** How often a log is looked at, by how long it is silent. */
const POLL_MS = { lately: 250, thisHour: 1_000, silent: 10_000 } as const;
/** New files are looked for this often. */
const SCAN_MS = 2_000;
/** How long a forwarder that only sends what is there tries in vain. */
const ONCE_PATIENCE_MS = 60_000;
/** A stop lasts at most this long. */
const DRAIN_MS = 5_000;

export type Reported = {
  level: 'info' | 'warn' | 'alarm' | 'error';
  log: string | null;
  chain: string | null;
  message: string;
};
export type ForwarderOptions = {
  /** Files, folders, patterns, each with the name of its chain or a template for it. */
  sources: readonly { name: string; chain: string | null }[];
  format: FormatId | null;
  sink: Sink;
  hasher: Hasher;
  stateDir: string;
  begin: 'start' | 'end';
  resend: boolean;
  /** Sends what is there and ends. */
  once: boolean;
  tell(reported: Reported): void;
};

type Phase = 'live' | 'waiting' | 'stopped';
type Followed = {
  log: FollowedLog;
  sleeper: Sleeper;
  phase: Phase;
  message: string | null;
  isHinted: boolean;
  done: Promise<void>;
};
export type LogStatus = {
  log: string;
  chain: string;
  phase: Phase;
  message: string | null;
  offset: number;
  lagBytes: number;
  heldBytes: number;
};
/** `alarms` and `stopped` are since the start. */
export type Status = { logs: LogStatus[]; recordsSent: number; alarms: number };

/** Follows logs and sends what is written to them. One at a time may use a state folder: the caller sees to that. */
export class Forwarder {
  readonly #followed = new Map<string, Followed>();
  readonly #left = new Map<string, LogStatus>();
  readonly #slots = createSlots(CONCURRENT);
  readonly #watch = new FolderWatch((file) => this.#hint(file));
  readonly #scanner = new Sleeper();
  readonly #cut = new AbortController();
  #isEnding = false;
  /** Nothing can be sent before this. */
  #serverAfterMs = 0;
  #serverFailures = 0;

  constructor(private readonly options: ForwarderOptions) {}

  /** Resolves after `stop`, when all is sent that was there with `once`, or when no log is left that can be sent. */
  async run(): Promise<Status> {
    const { once } = this.options;
    try {
      do {
        await this.#scan();
        if (once || (this.#followed.size > 0 && [...this.#followed.values()].every(({ phase }) => phase === 'stopped')))
          break;
        await this.#scanner.sleep(SCAN_MS);
      } while (!this.#isEnding);
      if (this.#isEnding) this.#wakeAll();
      await Promise.all([...this.#followed.values()].map(({ done }) => done));
    } finally {
      this.#isEnding = true;
      this.#watch.close();
      this.#wakeAll();
    }
    return this.status();
  }

  /** Sends what is complete, for 5 s at most, and ends. */
  stop(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    setTimeout(() => this.#cut.abort(new Error('the forwarder is stopping')), DRAIN_MS).unref();
    this.#wakeAll();
  }

  status(): Status {
    const logs = [...this.#followed.values()].map(({ log, phase, message }) => ({
      log: log.state.log,
      chain: log.state.chain,
      phase,
      message,
      offset: log.state.offset,
      lagBytes: log.lagBytes,
      heldBytes: log.heldBytes,
    }));
    const sum = (of: (log: FollowedLog) => number) =>
      [...this.#followed.values()].reduce((total, { log }) => total + of(log), 0);
    return {
      logs: [...logs, ...this.#left.values()],
      recordsSent: sum((log) => log.recordsSent),
      alarms: sum((log) => log.alarmsRaised),
    };
  }

  async #scan(): Promise<void> {
    const later: [Source, string | null][] = [];
    for (const { name, chain } of this.options.sources) {
      for (const source of await findLogs([name])) {
        if (this.#followed.has(source.log) || this.#left.has(source.log)) continue;
        if (existsSync(stateFile(this.options.stateDir, source.log))) await this.#take(source, chain);
        else later.push([source, chain]);
      }
    }
    // A file nobody knows may be one that a known log was renamed to.
    for (const [source, chain] of later) if (!(await this.#isRenamed(source.log))) await this.#take(source, chain);
  }

  async #isRenamed(file: string): Promise<boolean> {
    for (const { log } of this.#followed.values()) if (await isRenamedOf(log.state, file)) return true;
    return false;
  }

  async #take(source: Source, template: string | null): Promise<void> {
    if (this.#isEnding || this.#followed.has(source.log) || this.#left.has(source.log)) return;
    const state = await this.#stateOf(source, template);
    if (!state) return;
    const log = new FollowedLog(
      {
        ...this.options,
        tell: (level, message) => this.options.tell({ level, log: state.log, chain: state.chain, message }),
      },
      state,
    );
    const followed: Followed = {
      log,
      sleeper: new Sleeper(),
      phase: 'live',
      message: null,
      isHinted: false,
      done: Promise.resolve(),
    };
    this.#followed.set(source.log, followed);
    this.#watch.add(path.dirname(source.log));
    followed.done = this.#follow(followed);
  }

  /** What is remembered of a log, or its beginning. Null when it cannot be followed. */
  async #stateOf({ log, root }: Source, template: string | null): Promise<LogState | null> {
    const chain = chainNameOf(template, log, root);
    const leave = (message: string) => {
      this.#left.set(log, { log, chain, phase: 'stopped', message, offset: 0, lagBytes: 0, heldBytes: 0 });
      this.options.tell({ level: 'error', log, chain, message });
      return null;
    };
    const other = [...this.#followed.values()].find((followed) => followed.log.state.chain === chain);
    if (other)
      return leave(
        `${other.log.state.log} is sent to the chain "${chain}" already: put {name}, {folder} or {path} into --chain`,
      );
    try {
      const known = await readState(this.options.stateDir, log);
      if (known && known.chain !== chain)
        return leave(
          `it was sent to the chain "${known.chain}" so far, not to "${chain}": use another --state to start again`,
        );
      return known ?? beginState({ log, chain, format: this.options.format });
    } catch (error) {
      return leave(messageOf(error));
    }
  }

  async #follow(followed: Followed): Promise<void> {
    const { log, sleeper } = followed;
    const { once } = this.options;
    let failures = 0;
    let failingSinceMs: number | null = null;
    let changedAtMs = Date.now();
    try {
      for (;;) {
        const waitMs = this.#serverAfterMs - Date.now();
        if (waitMs > 0 && !this.#isEnding) await sleeper.sleep(waitMs);
        if (this.#cut.signal.aborted) break;
        const step = await this.#slots(() => log.step(this.#cut.signal).catch(troubleOf));
        if (step.kind === 'stopped') {
          this.#stopped(followed, step.message);
          break;
        }
        if (step.kind === 'later') {
          if (this.#isEnding) break;
          failingSinceMs ??= Date.now();
          if (once && Date.now() - failingSinceMs > ONCE_PATIENCE_MS) {
            this.#stopped(followed, step.message);
            break;
          }
          this.#waits(followed, step.message);
          if (step.everything)
            this.#serverAfterMs = Date.now() + Math.max(step.afterMs ?? 0, backOffMs(this.#serverFailures++));
          else await sleeper.sleep(Math.max(step.afterMs ?? 0, backOffMs(failures++)));
          continue;
        }
        failures = 0;
        failingSinceMs = null;
        if (step.kind === 'more') {
          this.#serverFailures = 0;
          this.#serverAfterMs = 0;
          changedAtMs = Date.now();
          followed.phase = 'live';
          followed.message = null;
          continue;
        }
        if (once || this.#isEnding) break;
        await sleeper.sleep(pollMs(Date.now() - (step.sinceMs ?? changedAtMs)));
      }
    } catch (error) {
      this.#stopped(followed, messageOf(error));
    }
    await log.close(this.#cut.signal).catch((error: unknown) => this.#stopped(followed, messageOf(error)));
    this.#scanner.wake();
  }

  #stopped(followed: Followed, message: string): void {
    followed.phase = 'stopped';
    followed.message = message;
    this.options.tell({ level: 'error', log: followed.log.state.log, chain: followed.log.state.chain, message });
  }

  #waits(followed: Followed, message: string): void {
    // oxlint-disable-next-line house/no-decision-on-words -- the line that was written last is not written again
    if (followed.message !== message)
      this.options.tell({
        level: 'warn',
        log: followed.log.state.log,
        chain: followed.log.state.chain,
        message: `${message}; it is tried again`,
      });
    followed.phase = 'waiting';
    followed.message = message;
  }

  #hint(file: string): void {
    const followed = this.#followed.get(file);
    if (!followed || followed.isHinted || followed.phase !== 'live') return;
    followed.isHinted = true;
    setTimeout(() => {
      followed.isHinted = false;
      followed.sleeper.wake();
    }, GATHER_MS).unref();
  }

  #wakeAll(): void {
    this.#scanner.wake();
    for (const { sleeper } of this.#followed.values()) sleeper.wake();
  }
}

function pollMs(silentMs: number): number {
  return silentMs < 3600_000
    ? Math.min(POLL_MS.thisHour, Math.max(POLL_MS.lately, silentMs / 100))
    : Math.min(POLL_MS.silent, silentMs / 3600);
}

/** What the system refuses, as a permission or room for the memory, may be granted later. */
function troubleOf(error: unknown): Step {
  return { kind: 'later', message: messageOf(error), afterMs: null, everything: false };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
