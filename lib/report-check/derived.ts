import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Context } from '../context';
import type { Period } from '../schemas/common';
import type { DerivedRecord } from './records';

/** What a report is derived again of. */
export type DerivedOf = {
  /** Of the period, in the order of their time; read once. */
  records: AsyncIterable<DerivedRecord>;
  period: Period;
  /** Whether its tables begin with a byte order mark. */
  bom: boolean;
  /** Where its rows are, as whoever made it was reached. */
  publicUrl: string;
  /** The release that made it. */
  version: string;
};

/** The figures of a report as they were derived again, in what they are written in. */
export type Derived = {
  json: Buffer;
  pdf(env: Context['env']): Promise<Readable>;
  /** By name, of what is beside the document; `onRow` is told of each row of a table. */
  files: Readonly<Record<string, (onRow: () => void) => AsyncIterable<Uint8Array>>>;
  /** What `report.json` repeats otherwise than it is. */
  differs: readonly { expected: string; found: string }[];
};

/** A kind of report, of what was kept: null of one that another release wrote in another way. */
export type DerivedKind = (kept: unknown, of: DerivedOf) => Promise<Derived | null>;

/** Of a schema, and what is made of a report that keeps to it. It is read as it stands: the order of its members is of the bytes that are compared. */
export function derivedKind<S extends z.ZodType>(
  schema: S,
  derive: (kept: z.output<S>, of: DerivedOf) => Promise<Omit<Derived, 'files' | 'differs'> & Partial<Derived>>,
): DerivedKind {
  const isKept = (kept: unknown): kept is z.output<S> => schema.safeParse(kept).success;
  return async (kept, of) => (isKept(kept) ? { files: {}, differs: [], ...(await derive(kept, of)) } : null);
}
