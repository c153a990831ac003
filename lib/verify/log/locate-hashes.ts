import type { SegmentCheck } from '../../core/chain/check';
import type { Hasher, KnownFormat } from '../../core/chain/format';
import { ordinalAfter } from '../../core/chain/offsets';
import {
  type HashLocations,
  createLocationScan,
  hashesToLocate,
  recordLocation,
} from '../../core/chain/hash-locations';
import type { Located, LogFile, LogSource } from './log-source';

/** Where in the chain the hashes of its broken links are: for `joinSegments`. Reads the log again, but only when a link is broken between its segments, whose checks are given. */
export async function locateHashes(
  source: LogSource,
  { format, hasher, checks }: { format: KnownFormat; hasher: Hasher; checks: readonly SegmentCheck[] },
): Promise<HashLocations> {
  const wanted = hashesToLocate(checks);
  const all: HashLocations = new Map();
  const before = { records: 0 };
  for (const file of wanted.size > 0 ? source.files : []) {
    for await (const { records, hashLocations } of file.scans?.locate(format.id, wanted) ??
      locateIn(file, format, hasher, wanted)) {
      for (const [hash, { record, successor }] of hashLocations)
        recordLocation(all, hash, { record: ordinalAfter(before, record), successor: ordinalAfter(before, successor) });
      before.records += records;
    }
  }
  return all;
}

async function* locateIn(
  file: LogFile,
  format: KnownFormat,
  hasher: Hasher,
  wanted: ReadonlySet<string>,
): AsyncGenerator<Located> {
  const scan = createLocationScan(format, hasher, wanted);
  for await (const chunk of file.open()) scan.push(chunk);
  yield scan.end();
}
