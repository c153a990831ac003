import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { Reaper } from './reaper';
import { writeDurably } from './write-durably';

/** A process is known by its id and its start time together: ids are used again. */
const Entry = z.object({ name: z.string(), pid: z.int(), startedAt: z.string() });
type Entry = z.infer<typeof Entry>;

/** Asked to leave by the next start, and waited for: killed, it would have to recover. */
const LEAVES_BY_ITSELF = 'postgres';

/** The processes a supervisor has started on a data directory: on disk, for the start after a kill -9, and with the reaper, which ends them when that comes. */
export class ProcessList {
  readonly #file: string;
  readonly #entries = new Map<string, Entry>();

  constructor(
    dataDir: string,
    private readonly reaper: Reaper = { add: () => undefined, drop: () => undefined },
  ) {
    this.#file = path.join(dataDir, 'processes.json');
  }

  set(name: string, pid: number): void {
    const startedAt = startTime(pid);
    if (startedAt) {
      this.#entries.set(name, { name, pid, startedAt });
      this.reaper.add(pid);
    }
    this.#save();
  }

  delete(name: string): void {
    const entry = this.#entries.get(name);
    if (entry) this.reaper.drop(entry.pid);
    this.#entries.delete(name);
    this.#save();
  }

  /** Ends what an earlier supervisor left running: they leave by themselves when it goes, and are killed after 3 s. PostgreSQL is left to its own start. Names those killed. */
  async endOrphans(): Promise<string[]> {
    if (!existsSync(this.#file)) return [];
    const left = z
      .array(Entry)
      .catch([])
      .parse(JSON.parse(readFileSync(this.#file, 'utf8') || '[]'));
    const alive = () =>
      left.filter(({ name, pid, startedAt }) => name !== LEAVES_BY_ITSELF && startTime(pid) === startedAt);
    for (let waitedMs = 0; waitedMs < 3000 && alive().length > 0; waitedMs += 50) await sleep(50);
    const killed = alive();
    for (const { pid } of killed) process.kill(pid, 'SIGKILL');
    while (alive().length > 0) await sleep(20);
    return killed.map(({ name }) => name);
  }

  /** On a full disk the list stays as it was until the next change: it only serves the start after a kill, and must not cause one. */
  #save(): void {
    try {
      writeDurably(this.#file, JSON.stringify([...this.#entries.values()]));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')))
        throw error;
    }
  }
}

/** Null when there is no such process or it is only waiting to be collected. */
export function startTime(pid: number): string | null {
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields after the command name in parentheses, which may itself hold spaces: state is field 3, start time field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    // No such process.
    return null;
  }
}
