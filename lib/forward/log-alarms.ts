import { randomUUID } from 'node:crypto';
import type { AlarmKind } from '../core/chain/tail-alarm';
import type { Sink } from './sink';
import { type LogState, MOST_ALARMS } from './state';

/** An alarm the server could not take is told again after this. */
const ALARMS_AGAIN_MS = 30_000;

type Options = { sink: Sink; tell(level: 'alarm', message: string): void };

/** What happened to one log that must not, told once to people and to the server. What waits to be told, and what was, is part of the log's state. */
export class LogAlarms {
  /** What was seen since the start, reported again or not. */
  raised = 0;
  #afterMs = 0;

  constructor(
    private readonly options: Options,
    private readonly state: LogState,
  ) {}

  /** Whether it is new: the same was not given since something of the log was acknowledged. */
  raise(kind: AlarmKind, at: number, detail: string): boolean {
    this.raised += 1;
    // oxlint-disable-next-line house/no-decision-on-words -- an alarm that is the same in every respect is given once
    if (this.state.given.some((one) => one.kind === kind && one.at === at && one.detail === detail)) return false;
    this.options.tell('alarm', `${kind}: ${detail}`);
    this.state.alarms = [
      ...this.state.alarms,
      { id: randomUUID(), kind, at, detail, raisedAt: new Date().toISOString() },
    ].slice(-MOST_ALARMS);
    this.state.given = [...this.state.given, { kind, at, detail }].slice(-MOST_ALARMS);
    return true;
  }

  /** The log goes on: what happens to it from now on is told, also when it is what happened before. */
  goesOn(): void {
    this.state.given = [];
  }

  /** Tells the server what waits; `onTold` writes the state down. */
  async reportToServer(signal: AbortSignal, onReported: () => Promise<void>): Promise<void> {
    if (Date.now() < this.#afterMs) return;
    for (const alarm of this.state.alarms) {
      if (!(await this.options.sink.alarm(this.state.chain, alarm, signal))) {
        this.#afterMs = Date.now() + ALARMS_AGAIN_MS;
        return;
      }
      this.state.alarms = this.state.alarms.filter(({ id }) => id !== alarm.id);
      await onReported();
    }
  }

  /** The next time it is asked to tell, it tells at once. */
  hurry(): void {
    this.#afterMs = 0;
  }
}
