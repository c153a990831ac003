import type { Context } from '../../../context';
import type { RecordScope } from '../../../core/search/record-scope';
import type { Period } from '../../../schemas/common';
import type { DefinitionAsRun } from '../../../schemas/report-definitions';
import type { RestingChain } from '../../../schemas/report-runs';

/** What a report is made of. */
export type Making = {
  period: Period;
  scope: RecordScope;
  definition: DefinitionAsRun | null;
  /** With records of the scope in the period. */
  chains: readonly RestingChain[];
  /** Of a run that is made of the bytes the same by id: what is read of a chain later is brought in step with it. */
  settled: Settled | null;
};

/** Chains of a run that is made of the bytes, by id, and the first and the last time their records of the period state. */
export type Settled = ReadonlyMap<string, RestingChain & { found: { from: string; to: string } }>;

/** Where its files go, each told of as it is begun. */
export type RunOut = {
  add(path: string, content: Uint8Array): Promise<void>;
  stream(path: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** Of a table its rows are counted as they come. Answers how many there are. */
  table(path: string, content: (onRow: () => void) => AsyncIterable<Uint8Array>): Promise<number>;
};

/** What a report comes to, for whoever is told that it is there. */
export type Headline = readonly { label: string; value: number }[];

/** A kind of reports as one that is kept. */
export type RunKind = {
  /** The names of its files, in the order in which they are made. */
  files(definition: DefinitionAsRun | null): string[];
  /** Makes them. Whether they are all of the same records. */
  make(ctx: Context, making: Making, out: RunOut): Promise<boolean>;
  /** Its figures in short, of what `report.json` holds. */
  headline(report: unknown): Headline;
};
