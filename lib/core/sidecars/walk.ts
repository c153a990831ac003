import { offsetBy } from '../chain/offsets';
import type { ChainFormat } from '../chain/format';
import { recordsOf } from '../chain/line-records';
import { createLineSplitter, isBlank } from '../bytes/lines';
import { createProblemList } from '../chain/problem-list';
import { type JsonObject, readObject } from '../formats/read-line';
import type { SidecarCheck, SidecarTools, WalkedLog, Sidecar, SignatureKey } from './sidecar';

/** The sidecar files of a log, and the keys its signatures are verified with. */
export type SidecarInputs = { sidecars: readonly Sidecar[]; keys: readonly SignatureKey[] };

/** Goes over a log once more, beside what lies next to it. Holds little memory, whatever the length of the log. */
export type SidecarWalk = {
  /** The bytes of the log, in order; a chunk is not kept. */
  push(chunk: Uint8Array): void;
  /** The bytes pushed next are those of the next file of a rotated log. */
  endFile(): void;
  /** Checks, once all bytes were pushed. */
  end(): SidecarCheck;
};

/** Null when nothing of the evidence concerns a log of this format: then there is no need to read it again. */
export function createSidecarWalk(
  format: ChainFormat,
  tools: SidecarTools,
  { sidecars, keys }: SidecarInputs,
): SidecarWalk | null {
  const observers = format.sidecars?.observe(tools, sidecars, keys) ?? [];
  if (observers.length === 0) return null;

  const base: WalkedLog = { records: 0, lines: 0, sizeBytes: 0, head: null };
  const ended = { lines: 0, sizeBytes: 0 };
  const open = () =>
    createLineSplitter((line) => {
      Object.assign(ended, {
        lines: base.lines + line.number,
        sizeBytes: base.sizeBytes + line.byteOffset + line.byteLength + (line.crlf ? 1 : 0) + (line.terminated ? 1 : 0),
      });
      if (isBlank(line) || line.tooLong) return;
      for (const { line: part, read } of recordsOf(format, tools.hasher, line)) {
        const place = offsetBy(base, {
          record: 0,
          line: part.number,
          byteOffset: part.byteOffset,
          byteLength: part.byteLength,
        });
        const seen = { place, hash: read.hash, sequence: read.sequence, fields: fieldsOf(part.bytes) };
        for (const observer of observers) observer.see(seen);
        base.records += 1;
        base.head = read.hash ?? base.head;
      }
    });
  let splitter = open();
  const endFile = () => {
    splitter.end();
    Object.assign(base, ended);
    splitter = open();
  };
  return {
    push: (chunk) => splitter.push(chunk),
    endFile,
    end() {
      endFile();
      const found = createProblemList();
      const checkedSidecars = observers.flatMap((observer) => observer.end(base, found));
      return {
        checkedSidecars,
        problems: found.problems.toSorted((a, b) => a.byteOffset - b.byteOffset),
        problemCounts: found.counts,
      };
    },
  };
}

function fieldsOf(line: Uint8Array): JsonObject {
  try {
    return readObject(line);
  } catch {
    return {}; // the format read it by rules of its own
  }
}
