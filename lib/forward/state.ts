import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { FORMATS } from '../core/formats';
import { ALARM_KINDS } from '../core/chain/tail-alarm';
import { Print } from './print';

const FileId = z.object({ dev: z.number(), ino: z.number() });

/** A file of a log, and how far it was sent. */
export const FileMark = FileId.extend({
  path: z.string(),
  /** Byte 0 of the file, from the start of the chain; negative where the chain begins inside the file. */
  base: z.number().int(),
  /** Bytes of the file that were acknowledged. */
  sentBytes: z.number().int().min(0),
  /** Of the acknowledged bytes, the first ones and the last ones. */
  start: Print,
  recent: Print,
});
export type FileMark = z.infer<typeof FileMark>;

const PendingAlarm = z.object({
  id: z.uuid(),
  kind: z.enum(ALARM_KINDS),
  at: z.number().int(),
  detail: z.string(),
  raisedAt: z.string(),
});
type PendingAlarm = z.infer<typeof PendingAlarm>;

/** What a forwarder remembers of a log over crashes. */
export const LogState = z.object({
  version: z.literal(1),
  /** Absolute path of the log as it is written. */
  log: z.string(),
  chain: z.string(),
  format: z.enum(FORMATS.map(({ id }) => id)).nullable(),
  /** End of the chain as acknowledged, in bytes, and the hash of its last record. */
  offset: z.number().int().min(0),
  head: z.string().nullable(),
  /** The chain held other bytes before: its end is where the server says at the first append. */
  isOffsetOpen: z.boolean(),
  /** The file that is being sent; null before the first one is known. */
  file: FileMark.nullable(),
  /** Files that were sent to their end, the last ones. */
  done: z.array(FileId.extend({ start: Print })),
  /** Not told to the server yet. */
  alarms: z.array(PendingAlarm),
  /** Alarms given since something was acknowledged last: the same is not given again after a restart. */
  given: z.array(PendingAlarm.pick({ kind: true, at: true, detail: true })).default([]),
});
export type LogState = z.infer<typeof LogState>;

/** Of a log that nothing is known of yet. */
export function beginState({ log, chain, format }: Pick<LogState, 'log' | 'chain' | 'format'>): LogState {
  return {
    version: 1,
    log,
    chain,
    format,
    offset: 0,
    head: null,
    isOffsetOpen: false,
    file: null,
    done: [],
    alarms: [],
    given: [],
  };
}

/** Files sent to their end, past which those that are no more are forgotten; and alarms that wait for a server at most. */
export const MANY_DONE = 64;
export const MOST_ALARMS = 100;

export function stateFile(folder: string, log: string): string {
  return path.join(folder, `${createHash('sha256').update(log).digest('hex').slice(0, 32)}.json`);
}

/** Null when nothing is remembered of the log. @throws when what is remembered cannot be read: guessing would send twice or leave out. */
export async function readState(folder: string, log: string): Promise<LogState | null> {
  const file = stateFile(folder, log);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const parsed = LogState.safeParse(parsedJson(text));
  if (!parsed.success) throw new Error(`${file} is not the state of a forwarder: move it away to start again`);
  return parsed.data;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // which no state is
  }
}

/** When it resolves the state is there whole, also after a power cut. */
export async function writeState(folder: string, state: LogState): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = stateFile(folder, state.log);
  await writeSynced(`${file}.new`, JSON.stringify(state));
  await rename(`${file}.new`, file);
  const directory = await open(folder, 'r');
  await directory.sync().finally(() => directory.close());
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
