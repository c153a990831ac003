import type { Place, RecordEdge, SegmentCheck } from './check';
import { DIGEST_BYTES, digestAt } from './digest-bytes';
import type { ChainFormat, CheckedRecord, Hasher } from './format';
import { createLinkIndex, type PendingLink } from './link-facts';
import { lineScanner } from '../fastpath/scanner';
import { type LinePart, partsOf } from './line-records';
import { MAX_LINE_BYTES } from '../bytes/limits';
import { createLineSplitter, isBlank, type Line, type Taken } from '../bytes/lines';
import { createProblemList } from './problem-list';
import type { Problem } from './problem';
import { NO_TIMES } from './time-gaps';
import { createTimeRange } from './time-range';

const MAX_OPEN_LINKS = 10_000;
const MAX_LEADING_PLACES = 1_000;

/**
 * Checks the bytes of one segment, given in chunks of any size, without knowing its neighbours. Problems come in file order.
 * Whatever depends on another record than the one directly before is left to `joinSegments`, as open links.
 * Holds a hash a record in memory, no content. With `parseEveryRecord` every record is parsed, which must not change the outcome.
 */
export function createSegmentChecker(
  format: ChainFormat,
  hasher: Hasher,
  { parseEveryRecord = false } = {},
): { push(chunk: Uint8Array): void; end(): { check: SegmentCheck; problems: Problem[] } } {
  const found = createProblemList();
  const index = createLinkIndex();
  const pending: (PendingLink & { at: number })[] = [];
  let lastIsOpen = false;
  const scanner = parseEveryRecord ? null : lineScanner(format);
  const times = createTimeRange();
  const check: SegmentCheck = {
    records: 0,
    lines: 0,
    sizeBytes: 0,
    chainedRecords: 0,
    validRecords: 0,
    first: null,
    last: null,
    firstRecordedAt: null,
    lastRecordedAt: null,
    times: NO_TIMES,
    openTail: false,
    problemCounts: found.counts,
    leadingUnchained: { count: 0, places: [] },
    leadingDamage: false,
    trailing: { damage: false, unchained: false },
    lastValid: null,
    openLinks: [],
    openLinksBeyond: 0,
    blankLines: null,
    crlfLines: null,
  };

  function onLine(line: Line): void {
    const place: Place = {
      record: check.records,
      line: line.number,
      byteOffset: line.byteOffset,
      byteLength: line.byteLength,
    };
    check.lines = line.number;
    check.openTail = !line.terminated;
    if (line.crlf)
      check.crlfLines = { count: (check.crlfLines?.count ?? 0) + 1, first: check.crlfLines?.first ?? place };
    if (isBlank(line)) {
      check.blankLines = { count: (check.blankLines?.count ?? 0) + 1, first: check.blankLines?.first ?? place };
      return;
    }
    if (line.tooLong) {
      onDamage(
        'not-a-record',
        place,
        `The line is ${line.byteLength} bytes long; no record is longer than ${MAX_LINE_BYTES}.`,
      );
      return;
    }
    const parts = partsOf(format, hasher, line);
    for (const [index, part] of parts.entries()) onPart(part, parts[index - 1], index < parts.length - 1);
  }

  function onPart({ line, read, zeros }: LinePart, before: LinePart | undefined, isFollowed: boolean): void {
    const place: Place = {
      record: check.records,
      line: line.number,
      byteOffset: line.byteOffset,
      byteLength: line.byteLength,
    };
    if (read.kind === 'record') {
      if (before?.read.kind === 'record')
        found.add('missing-newline', place, {
          message:
            'No newline stands between this record and the one before it: a write was interrupted, or files were joined. Both are whole, and each was checked by itself.',
        });
      onRecord(read, place);
      check.records += 1;
    } else if (zeros) {
      onDamage(
        'zero-bytes',
        place,
        `${line.byteLength.toLocaleString('en')} zero ${line.byteLength === 1 ? 'byte stands' : 'bytes stand'} here: the machine went down while the file was written, or the log was emptied while its writer went on.`,
      );
    } else if (isFollowed && read.code !== 'not-a-record') {
      onDamage(
        'glued-line',
        place,
        `${line.byteLength.toLocaleString('en')} bytes of a record that was never finished stand before what follows on the line: a write was interrupted, and the next was appended to it.`,
      );
    } else if (!line.terminated && (read.code === 'not-json' || read.code === 'not-utf8')) {
      onDamage(
        'torn-tail',
        place,
        `The last ${line.byteLength} bytes are the beginning of a record that was never finished: the writer was interrupted, or the copy was cut.`,
      );
    } else {
      onDamage(read.code, place, read.message);
    }
  }

  function onDamage(code: Problem['code'], place: Place, message: string): void {
    found.add(code, place, { message });
    if (check.last) check.trailing.damage = true;
    else check.leadingDamage = true;
  }

  function onRecord(record: CheckedRecord, place: Place): void {
    times.noteText(record.recordedAt, place.record);
    for (const note of record.notes) found.add(note.code, place, note);
    if (record.hash === null) onUnchained(place);
    else onChained(record, record.hash, place);
  }

  function onUnchained(place: Place): void {
    if (check.last) {
      found.add('missing-hash', place, {
        message:
          'The record carries no hash although the chain had begun: it was added by hand, or its hash was removed.',
      });
      check.trailing.unchained = true;
      return;
    }
    check.leadingUnchained.count += 1;
    if (check.leadingUnchained.places.length < MAX_LEADING_PLACES) check.leadingUnchained.places.push(place);
  }

  function onChained({ computed, prev, sequence, mismatch }: CheckedRecord, hash: string, place: Place): void {
    const valid = computed === hash && !mismatch;
    const edge: RecordEdge = { ...place, hash, prev, sequence, altered: valid ? null : { computed } };
    if (!valid) {
      found.add(
        'hash-mismatch',
        place,
        mismatch ?? {
          expected: hash,
          found: computed,
          message: 'The content does not match the hash stored with it: the record was changed after it was written.',
        },
      );
    }
    const at = index.add(place.record, hash, prev, valid);
    const before = check.last;
    const isOpen = valid && !(before && isFollowedBy(before, prev) && isNumberedFrom(before, edge));
    if (isOpen) {
      const { damage, unchained } = before
        ? check.trailing
        : { damage: check.leadingDamage, unchained: check.leadingUnchained.count > 0 };
      if (pending.length < MAX_OPEN_LINKS)
        pending.push({
          ...edge,
          at,
          before,
          lastValid: check.lastValid,
          atGenesis: prev === format.genesis,
          afterDamage: damage,
          afterUnchained: unchained,
        });
      else check.openLinksBeyond += 1;
    }
    lastIsOpen = isOpen;
    check.first ??= edge;
    check.last = edge;
    check.trailing = { damage: false, unchained: false };
    check.chainedRecords += 1;
    if (!valid) return;
    check.validRecords += 1;
    check.lastValid = { record: place.record, hash, sequence };
  }

  /** Whether the number follows, or does not and is told here; not so when the number before it is itself to be judged by the joining. */
  function isNumberedFrom(before: RecordEdge, edge: RecordEdge): boolean {
    if (format.firstSequence === null || before.altered) return true;
    const problem = sequenceProblem(before, edge.sequence);
    if (!problem) return true;
    if (lastIsOpen) return false;
    found.add('sequence-mismatch', edge, problem);
    edge.due = Number(problem.expected);
    return true;
  }

  /** The record that the next may follow without more being told than that it is there. */
  function plainLast(): RecordEdge | null {
    const { last, trailing } = check;
    return !last || last.altered || last.due !== undefined || trailing.damage || trailing.unchained ? null : last;
  }

  /** Records as their writer left them that follow the one before: nothing to tell but that they are there. */
  function onQuick(chunk: Uint8Array, from: number, line: number, byteOffset: number): Taken | null {
    const last = plainLast();
    const run = last && scanner?.runAt(chunk, from, last.hash, last.sequence, hasher);
    if (!last || !run) return null;
    index.addRun(check.records, run.hashes);
    times.recordRun(run.times, check.records);
    const [record, hash] = [check.records + run.count - 1, digestAt(run.hashes, run.hashes.length - DIGEST_BYTES)];
    const prev = run.count === 1 ? last.hash : digestAt(run.hashes, run.hashes.length - 2 * DIGEST_BYTES);
    check.last = {
      record,
      line: line + run.count - 1,
      byteOffset: byteOffset + run.lastFrom - from,
      byteLength: run.lastTo - run.lastFrom,
      hash,
      prev,
      sequence: run.sequence,
      altered: null,
    };
    check.lastValid = { record, hash, sequence: run.sequence };
    check.lines = check.last.line;
    check.openTail = false;
    check.records += run.count;
    check.chainedRecords += run.count;
    check.validRecords += run.count;
    lastIsOpen = false;
    return { lines: run.count, to: run.lastTo + 1 };
  }

  const splitter = createLineSplitter(onLine, scanner ? onQuick : undefined);
  return {
    push(chunk) {
      check.sizeBytes += chunk.length;
      scanner?.forget();
      splitter.push(chunk);
    },
    end() {
      splitter.end();
      check.openLinks = index.explain(pending);
      const { earliest, latest, ...stated } = times.end();
      check.firstRecordedAt = earliest;
      check.lastRecordedAt = latest;
      check.times = stated;
      return { check, problems: found.problems };
    },
  };
}

/** Whether `prev` names this record: by its stored hash, or, when only the stored hash was altered, by the true one. */
export function isFollowedBy({ hash, altered }: RecordEdge, prev: string | null): boolean {
  return prev !== null && (prev === hash || prev === altered?.computed);
}

/** Null when the number is the one after that of `before`, or after the one `before` should have, or `before` has none to go by. */
export function sequenceProblem(
  before: { sequence: number | null; due?: number },
  sequence: number | null,
): { expected: string; found: string | null; message: string } | null {
  if (
    before.sequence === null ||
    sequence === before.sequence + 1 ||
    (before.due !== undefined && sequence === before.due + 1)
  )
    return null;
  const expected = (before.due ?? before.sequence) + 1;
  return {
    expected: String(expected),
    found: sequence === null ? null : String(sequence),
    message: `The record names its predecessor rightly and yet is numbered ${sequence ?? 'not at all'} where ${expected} is due: no writer numbers so.`,
  };
}
