import 'server-only';
import path from 'node:path';
import type { Sidecar, SignatureKey } from '../../core/sidecars/sidecar';
import type { SidecarInputs } from '../../core/sidecars/walk';
import type { FormatId } from '../../core/chain/format';
import { groupRotated } from '../../core/chain/rotation';
import type { RequestedRange } from '../../core/chain/validation-summary';
import { SEGMENT_TARGET_BYTES } from '../../core/bytes/limits';
import { AppError } from '../../core/errors';
import { namingFile } from '../log/naming-file';
import { type Beginning, splitAtBeginnings } from '../log/split-at-beginnings';
import { beginningOf } from './beginning';
import { sidecarsOf } from './sidecar-files';
import type { FoundLog } from './find-logs';
import { folderOnDisk } from './folder';
import { inOrder } from './in-order';
import { type Opened, openLog } from './open-source';
import { createTaskPool } from './task-pool';
import { type FollowReference, type VerifiedLog, verifyLog } from './verify-log';

export type VerifyOptions = {
  threads: number;
  stdin: AsyncIterable<Uint8Array>;
  referenceVerifier: FollowReference;
  format?: FormatId;
  segmentBytes?: number;
  heldProblems?: number;
  /** What is known beside the logs: it is compared with each. Null: logs are looked at alone, without what lies beside them. */
  evidence?: { anchors: readonly Sidecar[]; keys: readonly SignatureKey[] } | null;
  /** What of each log is to be counted by itself. */
  period?: RequestedRange;
};
/** `failure` stands behind the name; `files` are those of a rotated log, oldest first, or the log itself. */
export type LogOutcome =
  | { file: string; files: readonly string[]; log: VerifiedLog }
  | { file: string; files: readonly string[]; failure: string };

type LogFile = Extract<FoundLog, { kind: 'log' }>;
type Unit = { log: string; files: LogFile[] } | { log: string; failure: string };

/** Up to this many bytes in all, most of the work is done before other threads are of use: the first that one does takes it a tenth of a second. */
const WITHOUT_THREADS_BYTES = 128 * 1024 * 1024;
/** Logs are checked in so many parts for each thread, so that all have something to do until the end. */
const PARTS_OF_A_THREAD = 16;
const LEAST_PART_BYTES = 1024 * 1024;

/** Checks logs, several at a time, and gives the outcomes in their order; files of a rotated log are one. An outcome's problems can be read until the next is asked for. */
export async function verifyLogs(
  found: readonly FoundLog[],
  requested: VerifyOptions,
): Promise<{ outcomes: AsyncGenerator<LogOutcome>; bytesRead(): number }> {
  const totalBytes = found.reduce((sum, log) => sum + (log.kind === 'log' ? (log.sizeBytes ?? 0) : 0), 0);
  const partBytes = Math.max(LEAST_PART_BYTES, Math.ceil(totalBytes / (requested.threads * PARTS_OF_A_THREAD)));
  const options = { segmentBytes: Math.min(SEGMENT_TARGET_BYTES, partBytes), ...requested };
  const pool = await createTaskPool(totalBytes > WITHOUT_THREADS_BYTES ? options.threads : 1);
  const tools = { pool, stdin: options.stdin };

  async function verify(unit: Unit): Promise<LogOutcome & { close?: () => Promise<void> }> {
    if ('failure' in unit) return { file: unit.log, files: [unit.log], failure: unit.failure };
    const files = unit.files.map(({ file }) => file);
    const opened: Opened[] = [];
    const close = async () => void (await Promise.all(opened.map((each) => each.close())));
    try {
      for (const file of unit.files)
        opened.push(
          await (unit.files.length > 1
            ? namingFile(file.file, () => openLog(file, tools, options))
            : openLog(file, tools, options)),
        );
      const log = await verifyLog(
        { files: opened.map(({ source }) => source) },
        { ...options, evidence: await evidenceOf(unit.log, unit.files, options) },
      );
      return { file: unit.log, files, log, close };
    } catch (error) {
      await close();
      if (error instanceof AppError) return { file: unit.log, files, failure: error.message };
      throw error;
    }
  }

  async function* outcomes(): AsyncGenerator<LogOutcome> {
    try {
      for await (const { close, ...outcome } of inOrder(
        await unitsOf(found, (file) => openLog(file, tools, options)),
        pool.threads * 2,
        verify,
      )) {
        yield outcome;
        await close?.();
      }
    } finally {
      await pool.close();
    }
  }
  return { outcomes: outcomes(), bytesRead: () => pool.bytesRead() };
}

/** Logs in the order they were found, each where its first file stood; those that cannot be read at their place. */
async function unitsOf(found: readonly FoundLog[], open: (file: LogFile) => Promise<Opened>): Promise<Unit[]> {
  const units: Unit[] = [];
  const sets = groupRotated(found.filter((log) => log.kind === 'log'));
  const setOf = new Map(sets.flatMap((set) => set.files.map((file) => [file, set] as const)));
  const reported = new Set<LogFile>();
  for (const log of found) {
    if (log.kind === 'unreadable') units.push({ log: log.file, failure: log.message });
    if (log.kind !== 'log' || reported.has(log)) continue;
    const set = setOf.get(log);
    for (const file of set?.files ?? []) reported.add(file);
    if (set) units.push(...(await partsOf(set, open)));
  }
  return units;
}

/** A part of one file has that file's name; the last part keeps the name of the log. */
async function partsOf(
  { log, files }: { log: string; files: LogFile[] },
  open: (file: LogFile) => Promise<Opened>,
): Promise<Unit[]> {
  if (files.length === 1) return [{ log, files }];
  const begun: { file: LogFile; begins: Beginning }[] = [];
  for (const file of files) begun.push({ file, begins: await beginningOf(() => open(file)) });
  return splitAtBeginnings(begun).map((part) => ({
    log: part.length === 1 ? (part[0]?.file ?? log) : log,
    files: part,
  }));
}

async function evidenceOf(
  log: string,
  files: readonly LogFile[],
  { evidence }: VerifyOptions,
): Promise<SidecarInputs | null> {
  const newest = files.at(-1);
  if (evidence === null || !newest || newest.file === '-')
    return evidence ? { sidecars: evidence.anchors, keys: evidence.keys } : null;
  const folder = newest.inArchive?.folder ?? folderOnDisk(path.dirname(newest.file));
  const sidecars = await sidecarsOf(folder, path.basename(log));
  const named = evidence?.anchors ?? [];
  const others = sidecars.filter(({ text }) => named.every((anchor) => anchor.text !== text));
  return { sidecars: [...others, ...named], keys: evidence?.keys ?? [] };
}
