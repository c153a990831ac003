import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import pino, { type Logger } from 'pino';

/** Past this a log file becomes `.1`, replacing the one before. */
const MAX_LOG_BYTES = 32 * 1024 * 1024;

/** One log file of JSON lines; lines of programs that write plain text are wrapped. */
export class LogFile {
  #fd: number;
  #bytes: number;
  #lost = 0;
  readonly #recent: string[] = [];

  constructor(
    readonly file: string,
    readonly source: string,
  ) {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    this.#fd = openSync(file, 'a', 0o600);
    this.#bytes = fstatSync(this.#fd).size;
  }

  write(line: string): void {
    if (line.trim() === '') return;
    this.#recent.push(line);
    if (this.#recent.length > 30) this.#recent.shift();
    const json = line.startsWith('{')
      ? line.trimEnd()
      : JSON.stringify({ level: 30, time: new Date().toISOString(), process: this.source, msg: line });
    this.#append(json);
  }

  /** A full disk must not end who keeps everything else running: what cannot be written is counted, and told once it can be again. */
  #append(json: string): void {
    try {
      if (this.#bytes > MAX_LOG_BYTES) this.#rotate();
      const lost =
        this.#lost > 0
          ? `${JSON.stringify({ level: 40, time: new Date().toISOString(), process: this.source, msg: `${this.#lost} lines of this log were lost: there was no room for them` })}\n`
          : '';
      this.#bytes += writeSync(this.#fd, `${lost}${json}\n`);
      this.#lost = 0;
    } catch {
      this.#lost += 1;
    }
  }

  /** The last lines as they came, oldest first; at most 30. */
  recent(): readonly string[] {
    return this.#recent;
  }

  #rotate(): void {
    closeSync(this.#fd);
    if (existsSync(this.file)) renameSync(this.file, `${this.file}.1`);
    this.#fd = openSync(this.file, 'a', 0o600);
    this.#bytes = 0;
  }
}

export type Journal = {
  readonly log: Logger;
  /** A short line for the person at the terminal. */
  readonly say: (line: string) => void;
  readonly fileFor: (source: string) => LogFile;
};

/** Log files under `logs/` of the data directory: one for the supervisor, one for each process it runs. */
export function openJournal(dataDir: string): Journal {
  const fileFor = (source: string) => new LogFile(path.join(dataDir, 'logs', `${source}.log`), source);
  const own = fileFor('supervisor');
  return {
    log: pino(
      { base: { process: 'supervisor' }, timestamp: pino.stdTimeFunctions.isoTime },
      { write: (line: string) => own.write(line) },
    ),
    say: (line) => process.stdout.write(`${line}\n`),
    fileFor,
  };
}
