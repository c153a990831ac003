import type { Measured } from './kind';

/** Where a record stands: its segment is empty while it is open. */
type Place = [
  chainId: string,
  ordinal: number,
  segmentDigest: string,
  byteOffset: number,
  byteLength: number,
  hash: string,
];

/** A row of a compiled rule, as JSONCompactEachRow has it: one record of a finding, by time. The first of a finding says what is of the whole. */
export type WindowRow = [
  number: number,
  finding: [
    groupValues: string[],
    windowFromUs: number,
    windowToUs: number,
    peak: number,
    recordCount: number,
    chains: string[],
    severity: number,
    against: number,
    /** The place of its rule among those that were looked for. */
    rule: number,
  ],
  ...place: Place,
  tUs: number,
  places: [chainId: string, ordinal: number][],
];

/** What a rule found once. Times in microseconds since 1970; the window is half-open, tight around the records. */
export type Hit = {
  /** The place of the rule among those that were looked for together. */
  rule: number;
  /** Of the fields grouped by, and behind them the chain when its records lack one of these, else nothing. */
  groupValues: string[];
  windowFromUs: number;
  windowToUs: number;
  measured: Measured;
  recordCount: number;
  /** Every chain that holds one of its records. */
  chains: string[];
  /** The first of them, at most `MAX_FINDING_RECORDS`. */
  records: { place: Place; tUs: number; places: [chainId: string, ordinal: number][] }[];
};

/** Rows of a compiled rule, finding by finding: no more than one is held. */
export class HitReader {
  private open: Hit | null = null;

  /** The finding before, when the row begins another. */
  push([number, finding, chainId, ordinal, digest, offset, length, hash, tUs, places]: WindowRow): Hit | null {
    const before = number === 1 ? this.open : null;
    if (number === 1) {
      const [groupValues, windowFromUs, windowToUs, peak, recordCount, chains, severity, against, rule] = finding;
      const measured = { peak, severity, against };
      this.open = { rule, groupValues, windowFromUs, windowToUs, measured, recordCount, chains, records: [] };
    }
    this.open?.records.push({ place: [chainId, ordinal, digest, offset, length, hash], tUs, places });
    return before;
  }

  /** The last. */
  end(): Hit | null {
    return this.open;
  }
}
