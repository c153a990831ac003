import type { ChainFormat } from '../chain/format';
import { agentfence } from './agentfence/format';
import { arbiter } from './arbiter/format';
import { nono } from './nono/format';
import { occasio } from './occasio/format';
import { type JsonObject, readRecord } from './read-line';
import { activity } from './sealtrail-activity/format';
import { vouch } from './vouch/format';

const LISTED = [occasio, arbiter, nono, agentfence, vouch, activity] as const;

export type FormatId = (typeof LISTED)[number]['id'];
export type SidecarKind = NonNullable<(typeof LISTED)[number]['sidecars']>['kinds'][number]['kind'];
export type KnownFormat = ChainFormat<FormatId, SidecarKind>;
/** Every format known here. */
export const FORMATS: readonly KnownFormat[] = LISTED;

export function formatById(id: FormatId): KnownFormat {
  const format = FORMATS.find((candidate) => candidate.id === id);
  if (!format) throw new RangeError(`no format ${id}`);
  return format;
}

/** An empty log is the same in every format. */
export function formatOfAny(id: FormatId | null | undefined): KnownFormat {
  return id ? formatById(id) : LISTED[0];
}

/** Lines looked at to tell the format. */
const SAMPLE = 64;
/** Below this the best match is no match. */
const THRESHOLD = 0.5;

/** The format the first lines look most like; null when they look like none. Lines that are no record do not count. */
export function recogniseFormat(lines: readonly Uint8Array[]): FormatId | null {
  return recogniseAmong(FORMATS, lines)?.id ?? null;
}

export function recogniseAmong<F extends ChainFormat>(formats: readonly F[], lines: readonly Uint8Array[]): F | null {
  const records = lines.slice(0, SAMPLE).flatMap((line) => {
    const read = readRecord(line);
    return 'record' in read ? [read.record] : [];
  });
  const scores = formats.map((format) => {
    const scored = records.map((record) => format.recognise(record));
    return { format, best: Math.max(0, ...scored), sum: scored.reduce((sum, score) => sum + score, 0) };
  });
  const [first] = scores.filter(({ best }) => best >= THRESHOLD).toSorted((a, b) => b.sum - a.sum);
  return first?.format ?? null;
}

/** The format one record looks most like; null when it looks like none. */
export function recogniseRecord(record: JsonObject): KnownFormat | null {
  const [first] = FORMATS.map((format) => ({ format, score: format.recognise(record) }))
    .filter(({ score }) => score >= THRESHOLD)
    .toSorted((a, b) => b.score - a.score);
  return first?.format ?? null;
}
