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
};

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
  /** Makes them, and gives its figures in short. Null when they are not all of the same records: they are made again then. */
  make(ctx: Context, making: Making, out: RunOut): Promise<Headline | null>;
};
