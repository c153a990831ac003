import type { Place, SegmentCheck } from './check';
import type { ChainFormat, Hasher } from './format';
import { type GrowingCheck, addDamage, addRecord, addRun, beginCheck, endCheck, plainLast } from './growing-check';
import { scannerWhenItPays } from '../fastpath/scanner';
import { type LinePart, partsOf } from './line-records';
import { MAX_LINE_BYTES } from '../bytes/limits';
import { type FastpathLines, type Line, createLineSplitter, isBlank } from '../bytes/lines';
import { type LineWatch, canonicalRun } from './line-watch';
import type { Problem } from './problem';
import { figure } from '../text/words';

/**
 * Checks the bytes of one segment, given in chunks of any size, without knowing its neighbours. Problems come in file order.
 * Whatever depends on another record than the one directly before is left to `joinSegments`, as open links.
 * Holds a hash a record in memory, no content. With `parseEveryRecord` every record is parsed, which must not change the outcome.
 * `watch` sees the lines go by.
 */
export function createSegmentChecker(
  format: ChainFormat,
  hasher: Hasher,
  { parseEveryRecord = false, watch = null }: { parseEveryRecord?: boolean; watch?: LineWatch | null } = {},
): { push(chunk: Uint8Array): void; end(): { check: SegmentCheck; problems: Problem[] } } {
  const growing = beginCheck(format);
  const scanner = parseEveryRecord ? null : scannerWhenItPays(format, { alike: watch !== null });
  const takeRun: FastpathLines = (chunk, from, line, byteOffset) => {
    const last = plainLast(growing);
    const run = last && scanner?.runAt(chunk, from, last, hasher);
    if (!last || !run) return null;
    watch?.run(chunk.subarray(from, run.lastTo + 1), byteOffset, canonicalRun(run));
    addRun(growing, last, run, line, byteOffset - from);
    return { lines: run.count, to: run.lastTo + 1 };
  };
  const takeLine = (line: Line): void => {
    watch?.line(line);
    addLine(growing, hasher, line);
  };
  const splitter = createLineSplitter(takeLine, scanner ? takeRun : undefined);
  return {
    push(chunk) {
      growing.check.sizeBytes += chunk.length;
      scanner?.forget();
      splitter.push(chunk);
    },
    end() {
      splitter.end();
      return endCheck(growing);
    },
  };
}

function addLine(growing: GrowingCheck, hasher: Hasher, line: Line): void {
  const { check } = growing;
  const place = placeOf(growing, line);
  check.lines = line.number;
  check.openTail = !line.terminated;
  if (line.crlf) check.crlfLines = { count: (check.crlfLines?.count ?? 0) + 1, first: check.crlfLines?.first ?? place };
  if (isBlank(line)) {
    check.blankLines = { count: (check.blankLines?.count ?? 0) + 1, first: check.blankLines?.first ?? place };
    return;
  }
  if (line.tooLong) {
    const message = `The line is ${line.byteLength} bytes long; no record is longer than ${MAX_LINE_BYTES}.`;
    return addDamage(growing, 'not-a-record', place, message);
  }
  const parts = partsOf(growing.format, hasher, line);
  for (const [index, part] of parts.entries()) addPart(growing, part, parts[index - 1], index < parts.length - 1);
}

function addPart(growing: GrowingCheck, part: LinePart, before: LinePart | undefined, isFollowed: boolean): void {
  const { line, read } = part;
  const place = placeOf(growing, line);
  if (read.kind === 'record') {
    if (before?.read.kind === 'record')
      growing.found.add('missing-newline', place, {
        message:
          'No newline stands between this record and the one before it: a write was interrupted, or files were joined. Both are whole, and each was checked by itself.',
      });
    return addRecord(growing, read, place);
  }
  const bytes = figure(line.byteLength);
  if (part.zeros)
    return addDamage(
      growing,
      'zero-bytes',
      place,
      `${bytes} zero ${line.byteLength === 1 ? 'byte stands' : 'bytes stand'} here: the machine went down while the file was written, or the log was emptied while its writer went on.`,
    );
  if (isFollowed && read.code !== 'not-a-record')
    return addDamage(
      growing,
      'glued-line',
      place,
      `${bytes} bytes of a record that was never finished stand before what follows on the line: a write was interrupted, and the next was appended to it.`,
    );
  if (!line.terminated && (read.code === 'not-json' || read.code === 'not-utf8'))
    return addDamage(
      growing,
      'torn-tail',
      place,
      `The last ${line.byteLength} bytes are the beginning of a record that was never finished: the writer was interrupted, or the copy was cut.`,
    );
  return addDamage(growing, read.code, place, read.message);
}

function placeOf({ check }: GrowingCheck, { number, byteOffset, byteLength }: Line): Place {
  return { record: check.records, line: number, byteOffset, byteLength };
}
