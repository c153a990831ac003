import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { countNewlines } from '../core/bytes/newline';
import { MAX_LINE_BYTES } from '../core/bytes/limits';
import type { Hasher } from '../core/chain/format';
import type { AlarmKind } from '../core/chain/tail-alarm';
import { placeOfEnd } from './catch-up';
import { fileAfter } from './file-after';
import { fileAtStart } from './file-at-start';
import { formatOfHead } from '../verify/log/head';
import { areSameFiles, isSameFile, type LogFile, logFiles, renamedIn, statOf } from './log-files';
import { afterLoss } from './lost';
import { LogAlarms } from './log-alarms';
import { LogMemory } from './log-memory';
import { beginsWith, firstInTurn, type OpenFile, openAsListed, openMarked, wholeLinesEnd } from './open-file';
import { bytesAt, printOf, printsUpTo, RECENT_BYTES, START_BYTES } from './print';
import { readLines } from './read-lines';
import { printsOfEnd } from './reconcile';
import type { Sink } from './sink';
import type { FileMark, LogState } from './state';

/** How long a rotated file's last line may lack its newline before it counts as never finished. */
const TORN_MS = 2_000;
/** A log that is silent for so long is opened again when it speaks. */
const SILENT_MS = 600_000;
/** Times that the file that is marked is looked for while a log is being rotated. */
const MOST_LOOKS = 20;

export type LogOptions = {
  sink: Sink;
  hasher: Hasher;
  stateDir: string;
  begin: 'start' | 'end';
  /** What the server lost is sent again instead of stopping there. */
  resend: boolean;
  tell(level: 'info' | 'warn' | 'alarm', message: string): void;
};

export type Step =
  | { kind: 'more' }
  /** Nothing can be sent until something is written; nothing was since `sinceMs`. */
  | { kind: 'idle'; sinceMs: number | null }
  | { kind: 'later'; message: string; afterMs: number | null; everything: boolean }
  | { kind: 'stopped'; message: string };

/**
 * One log and the chain it is sent to. Every step sends at most one batch of whole lines and returns; what is not sent stays in the file.
 * Byte for byte the chain is the log's files one after another, oldest first.
 */
export class FollowedLog {
  /** Bytes still to send, and how many of these wait for a newline. */
  lagBytes = 0;
  heldBytes = 0;
  recordsSent = 0;
  #handle: FileHandle | null = null;
  /** The log as it was when there was nothing to send. */
  #quiet: { dev: number; ino: number; sizeBytes: number; mtimeMs: number } | null = null;
  #tornSinceMs: number | null = null;
  /** In the files after the one being sent, when it was opened. */
  #laterBytes = 0;
  #isGoneReported = false;
  readonly #alarms: LogAlarms;
  readonly #memory: LogMemory;

  constructor(
    private readonly options: LogOptions,
    readonly state: LogState,
  ) {
    this.#alarms = new LogAlarms(options, state);
    this.#memory = new LogMemory(options.stateDir, state);
  }

  get alarmsRaised(): number {
    return this.#alarms.raised;
  }

  async step(signal: AbortSignal): Promise<Step> {
    await this.#alarms.reportToServer(signal, () => this.#memory.save());
    if (this.#quiet && (await this.#isQuiet(this.#quiet))) return { kind: 'idle', sinceMs: this.#quiet.mtimeMs };
    this.#quiet = null;
    const handle = await this.#open();
    const mark = this.state.file;
    if (!handle || !mark) return { kind: 'idle', sinceMs: null };

    const before = await handle.stat();
    if (before.size < mark.sentBytes) return this.#changed();
    const { bytes, tornBytes, isEndless } = await readLines(handle, mark.sentBytes, before.size);
    // After they were read: a log that is copied and emptied meanwhile holds other bytes, of later records.
    const recent = await this.#recentOf(handle, mark);
    if (!recent) return this.#changed();
    this.lagBytes = before.size - mark.sentBytes + this.#laterBytes;
    this.heldBytes = tornBytes;
    if (isEndless)
      return this.#hole(
        `a line of more than ${MAX_LINE_BYTES / 1024 / 1024} MiB begins at byte ${mark.sentBytes} of ${mark.path}: no server takes that`,
      );
    if (bytes.length === 0) return this.#atEnd(handle, mark, { ...before, sizeBytes: before.size }, tornBytes);
    this.#tornSinceMs = null;
    this.state.format ??= formatOfHead({ bytes: bytes, complete: false });
    return this.#send(handle, mark, recent, bytes, signal);
  }

  /** Tells and writes down what is not yet, and lets go of the file. */
  async close(signal: AbortSignal): Promise<void> {
    await this.#letGo();
    this.#alarms.hurry();
    await this.#alarms.reportToServer(signal, () => this.#memory.save());
    await this.#memory.saveIfDirty();
  }

  async #send(
    handle: FileHandle,
    mark: FileMark,
    recent: Buffer,
    bytes: Buffer<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<Step> {
    const { sink, resend, hasher } = this.options;
    const { chain, format, offset } = this.state;
    const answer = await sink.append({ chain, format, offset, bytes, lagBytes: this.lagBytes - bytes.length }, signal);
    switch (answer.kind) {
      case 'later':
        return answer;
      case 'refused':
        return answer.ofBytes ? this.#hole(answer.message) : { kind: 'stopped', message: answer.message };
      case 'accepted': {
        if (answer.offset !== offset + bytes.length)
          return {
            kind: 'stopped',
            message: `the server says the chain ends at byte ${answer.offset} after ${bytes.length} bytes were appended at ${offset}`,
          };
        const known = Buffer.concat([recent, bytes]);
        const start = mark.start.sizeBytes < START_BYTES ? printOf(known.subarray(0, START_BYTES)) : mark.start;
        await this.#acknowledge(
          { ...mark, sentBytes: mark.sentBytes + bytes.length, start, recent: printOf(known.subarray(-RECENT_BYTES)) },
          answer,
        );
        this.lagBytes -= bytes.length;
        this.recordsSent += countNewlines(bytes);
        return { kind: 'more' };
      }
      case 'conflict': {
        if (answer.offset === offset)
          return { kind: 'later', message: 'another append was under way', afterMs: null, everything: false };
        if (this.state.isOffsetOpen) {
          await this.#acknowledge({ ...mark, base: answer.offset - mark.sentBytes }, answer);
          return { kind: 'more' };
        }
        if (answer.offset > offset) return this.#catchUp(handle, mark, answer);
        this.#alarm(
          'rolled-back',
          answer.offset,
          `the server acknowledged ${offset} bytes of this chain and holds ${answer.offset} now`,
        );
        const at = answer.offset - mark.base;
        const prints = resend && at >= 0 ? await printsOfEnd(handle, at, { ...answer, format, hasher }) : null;
        if (!prints) {
          return {
            kind: 'stopped',
            message: `the server holds ${answer.offset} bytes of what it had acknowledged ${offset} of. --resend sends the rest again where the file still has it`,
          };
        }
        await this.#acknowledge({ ...mark, sentBytes: at, ...prints }, answer);
        return { kind: 'more' };
      }
    }
  }

  /** What is written here can never be sent, so neither can what follows it: other logs go on, and somebody is told. */
  #hole(message: string): Step {
    this.#alarm('dropped', this.state.offset, message);
    return { kind: 'stopped', message };
  }

  /** The server has more than was acknowledged. */
  async #catchUp(handle: FileHandle, mark: FileMark, end: { offset: number; head: string | null }): Promise<Step> {
    const place = await placeOfEnd(this.state, handle, mark, end, this.options.hasher);
    const where = `at byte ${end.offset}${end.head ? ` in ${end.head}` : ''}`;
    if (!place) {
      if (!(await this.#recentOf(handle, mark))) return this.#changed();
      this.#alarm('diverged', this.state.offset, `the chain ends ${where}, and this log does not hold that there`);
      return {
        kind: 'stopped',
        message: `the chain holds other bytes than this log: it ends ${where}. Name another --chain, or see what was sent there`,
      };
    }
    await this.#memory.recordDone(place.passed);
    if (!isSameFile(place.mark, mark)) await this.#letGo();
    await this.#acknowledge(place.mark, end);
    this.options.tell('info', `the server has it up to byte ${end.offset} already`);
    return { kind: 'more' };
  }

  /** The whole of the file was sent, but for a line without newline: wait, or go on with the file that came after it. */
  async #atEnd(
    handle: FileHandle,
    mark: FileMark,
    seen: { dev: number; ino: number; sizeBytes: number; mtimeMs: number },
    tornBytes: number,
  ): Promise<Step> {
    const now = await statOf(this.state.log);
    if (now && isSameFile(now, mark)) {
      this.#quiet = { dev: now.dev, ino: now.ino, sizeBytes: seen.sizeBytes, mtimeMs: seen.mtimeMs };
      if (Date.now() - seen.mtimeMs > SILENT_MS) await this.#letGo();
      await this.#memory.saveIfDirty();
      return { kind: 'idle', sinceMs: seen.mtimeMs };
    }
    const { next, skipped } = await fileAfter(this.state, mark, []);
    if (!next) {
      if (!now && !this.#isGoneReported)
        this.options.tell('warn', `${this.state.log} is gone; everything up to byte ${mark.sentBytes} was sent`);
      this.#isGoneReported = !now;
      await this.#memory.saveIfDirty();
      return { kind: 'idle', sinceMs: null };
    }
    if ((await handle.stat()).size !== seen.sizeBytes) return { kind: 'more' };
    if (mark.start.sizeBytes > 0 && (await beginsWith(next, mark.start)))
      return {
        kind: 'later',
        message: `${next.path} begins as ${mark.path} does: a copy is being made`,
        afterMs: null,
        everything: false,
      };
    if (tornBytes > 0) {
      this.#tornSinceMs ??= Date.now();
      if (Date.now() - this.#tornSinceMs < TORN_MS)
        return {
          kind: 'later',
          message: 'the last line of a rotated file lacks its newline',
          afterMs: TORN_MS / 4,
          everything: false,
        };
      this.#alarm(
        'dropped',
        this.state.offset,
        `${mark.path} ends in ${tornBytes} bytes of a line that was never finished; they were not sent`,
      );
    }
    this.#tornSinceMs = null;
    for (const packed of skipped)
      this.#alarm('dropped', this.state.offset, `${packed} was packed before it was sent, and is left out`);
    await this.#memory.recordDone([{ dev: mark.dev, ino: mark.ino, start: mark.start }]);
    this.options.tell(
      'info',
      `${path.basename(mark.path)} was sent to its end; going on with ${path.basename(next.path)} at byte ${this.state.offset} of the chain`,
    );
    await this.#goTo(fileAtStart(next, this.state.offset));
    return { kind: 'more' };
  }

  async #open(): Promise<FileHandle | null> {
    if (this.#handle) return this.#handle;
    const { file: mark } = this.state;
    if (!mark) return this.#begin(await logFiles(this.state.log));
    const { files, found } = await this.#find(mark);
    if (!found) return this.#lost(files, mark);
    const { path: at, dev, ino } = found.file;
    if (at !== mark.path || !isSameFile(found.file, mark)) {
      this.state.file = { ...mark, path: at, dev, ino };
      this.#memory.touch();
    }
    this.#handle = found.handle;
    this.#laterBytes = bytesAfter(files, found.file);
    return this.#handle;
  }

  /**
   * The file that is marked, and those of the log. A log that is copied and emptied just then is neither in its old place any more nor in its new one yet:
   * it is lost only where the same files do not have it twice in a row.
   */
  async #find(mark: FileMark): Promise<{ files: LogFile[]; found: OpenFile | null }> {
    const { log, done } = this.state;
    let files = await logFiles(log);
    for (let looks = 0, hadNone = false; looks < MOST_LOOKS; looks += 1) {
      const found =
        (await openMarked(files, mark, done)) ??
        (mark.sentBytes > 0 ? await openMarked(await renamedIn(log, mark, files), mark, done) : null);
      if (found) return { files, found };
      const now = await logFiles(log);
      const areSame = areSameFiles(files, now);
      if (areSame && hadNone) return { files, found };
      hadNone = areSame;
      files = now;
    }
    throw new Error(`${log} is being rotated`);
  }

  async #begin(files: readonly LogFile[]): Promise<FileHandle | null> {
    const plain = files.filter(({ isPacked }) => !isPacked);
    const [first] = this.options.begin === 'end' ? plain.slice(-1) : await firstInTurn(files, []);
    if (!first) return null;
    if (this.options.begin === 'start')
      for (const { path: packed } of files.filter(({ isPacked }) => isPacked))
        this.options.tell('warn', `${packed} is packed and left out: upload it to the chain first`);
    if (this.options.begin === 'end') for (const file of plain.slice(0, -1)) await this.#memory.passOver(file);
    const handle = await openAsListed(first);
    if (!handle) return null;
    const at = this.options.begin === 'end' ? await wholeLinesEnd(handle, (await handle.stat()).size) : 0;
    const prints = await printsUpTo(handle, at);
    if (at > 0)
      this.options.tell(
        'warn',
        `the chain begins at byte ${at} of ${first.path}: what stands before it is not sent, so the verdict says that the beginning is not there`,
      );
    this.#handle = handle;
    this.#laterBytes = bytesAfter(files, first);
    this.state.file = { ...fileAtStart(first, this.state.offset - at), sentBytes: at, ...prints };
    this.state.isOffsetOpen = this.options.begin === 'end';
    await this.#memory.save();
    return handle;
  }

  /** What was acknowledged is nowhere any more: told, and what is there now is sent on. */
  async #lost(files: readonly LogFile[], mark: FileMark): Promise<FileHandle | null> {
    const found = await afterLoss(this.state, files, mark);
    if (!found) {
      if (!this.#isGoneReported)
        this.options.tell('warn', `${this.state.log} is gone; everything up to byte ${mark.sentBytes} was sent`);
      this.#isGoneReported = true;
      return null;
    }
    this.#isGoneReported = false;
    if (found.alarm) this.#alarm(found.alarm.kind, this.state.offset, found.alarm.detail);
    await this.#goTo(found.mark);
    return this.#open();
  }

  /** The bytes before the place that was reached; null when the file is not the one that was marked any more: they are others, or where nothing was sent of it another's turn comes first. */
  async #recentOf(handle: FileHandle, mark: FileMark): Promise<Buffer | null> {
    const recent = await bytesAt(handle, mark.sentBytes - mark.recent.sizeBytes, mark.sentBytes);
    if (printOf(recent).sha256 !== mark.recent.sha256) return null;
    return mark.sentBytes > 0 || (await this.#isNext(mark)) ? recent : null;
  }

  /** Whether nothing older waits: a copy made before the log was emptied. */
  async #isNext(mark: FileMark): Promise<boolean> {
    const [next] = await firstInTurn(await logFiles(this.state.log), this.state.done);
    return next === undefined || isSameFile(next, mark);
  }

  async #changed(): Promise<Step> {
    await this.#letGo();
    return { kind: 'more' };
  }

  async #isQuiet(quiet: { dev: number; ino: number; sizeBytes: number; mtimeMs: number }): Promise<boolean> {
    const now = await statOf(this.state.log);
    return now !== null && isSameFile(now, quiet) && now.size === quiet.sizeBytes && now.mtimeMs === quiet.mtimeMs;
  }

  async #letGo(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  /** Durable before anything of the file is sent. */
  async #goTo(mark: FileMark): Promise<void> {
    await this.#letGo();
    this.state.file = mark;
    await this.#memory.save();
  }

  async #acknowledge(file: FileMark, end: { offset: number; head: string | null }): Promise<void> {
    this.#alarms.goesOn();
    await this.#memory.acknowledge(file, end);
  }

  #alarm(kind: AlarmKind, at: number, detail: string): void {
    if (this.#alarms.raise(kind, at, detail)) this.#memory.touch();
  }
}

function bytesAfter(files: readonly LogFile[], file: LogFile): number {
  if (!files.some((one) => isSameFile(one, file))) return files.at(-1)?.sizeBytes ?? 0;
  return files
    .slice(files.findIndex((one) => isSameFile(one, file)) + 1)
    .reduce((sum, { sizeBytes, isPacked }) => sum + (isPacked ? 0 : sizeBytes), 0);
}
