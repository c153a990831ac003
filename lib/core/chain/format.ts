import type { NormalisedEvent } from '../event/fields';
import type { GitStates } from '../event/git-state';
import type { OcsfMapping } from '../ocsf/classes';
import type { FastpathFormat } from '../fastpath/line-rule';
import type { DeclaredSidecars } from '../sidecars/declared';
import type { Statement } from '../statements/statement';
import type { ReferenceWalk } from './reference-verifier';
import type { RunStatement, ToolStatement } from './tool-statement';

export type { FormatId, KnownFormat, SidecarKind } from '../formats';
export type HashAlgorithm = 'sha256' | 'blake3';

/** Digest of bytes as lower-case hex. Native in Node, WASM or pure JS in the browser: core never picks one. */
export type Hasher = Record<HashAlgorithm, (...parts: Uint8Array[]) => string> & {
  /** Digests of parts of `bytes`, from `spans[2 * n]` to `spans[2 * n + 1]`; the nth is written as 32 bytes to `into` at 32 times n. */
  digests(algorithm: HashAlgorithm, bytes: Uint8Array, spans: Int32Array, into: Uint8Array): void;
};

/** What one line claims and what its bytes give. */
export type CheckedRecord = {
  kind: 'record';
  /** Own hash as claimed; null when the record carries none. */
  hash: string | null;
  /** Predecessor's hash as claimed; null when the record carries none. */
  prev: string | null;
  /** The writer's own number, when the format has one. */
  sequence: number | null;
  /** Own hash recomputed by the format's rule; null when nothing can be covered. */
  computed: string | null;
  /** RFC 3339 UTC as the record states it; null when absent or unreadable. */
  recordedAt: string | null;
  /** What does not hold although `computed` is `hash`, or better words than the usual when it is not. */
  mismatch?: { expected: string | null; found: string | null; message: string };
  /** Warnings of this record alone (re-serialised, unknown-schema, …). */
  notes: {
    code: 're-serialised' | 'duplicate-key' | 'unknown-key' | 'unknown-schema' | 'no-event-json' | 'byte-order-mark';
    expected: string | null;
    found: string | null;
    message: string;
  }[];
};

/** The line is no record of this format. */
export type UnreadableLine = { kind: 'unreadable'; code: 'not-json' | 'not-utf8' | 'not-a-record'; message: string };

/** One guardrail's log. Adding a format is a folder with a file that exports this, its fixtures, and its line in `index.ts`. */
export interface ChainFormat<Id extends string = string, Sidecar extends string = string extends Id ? string : never> {
  readonly id: Id;
  /** Name of the tool as people know it. */
  readonly label: string;
  readonly hashAlgorithm: HashAlgorithm;
  /** `prev` of the first record; for a format that leaves it out there, a text no hash can be. */
  readonly genesis: string;
  /** Sequence number of the first record; null when the format has none. */
  readonly firstSequence: number | null;
  /** True when a writer restart begins a new chain in the same file as its own rule. */
  readonly restarts: boolean;
  /** True when a rotated file begins a new chain and numbers on; then `sequence` is set although `firstSequence` is not. */
  readonly rotates: boolean;
  /** True when records before the first chained one are the format's legacy. */
  readonly legacyPrefix: boolean;
  /** How its writer begins every record: by it one behind torn bytes is found. */
  readonly opening: string;
  /** Whether a parsed line looks like this format, 0 (no) to 1 (certain). */
  recognise(record: Readonly<Record<string, unknown>>): number;
  /** Checks one line, terminator and trailing CR removed. Never throws for bad input. */
  check(line: Uint8Array, hasher: Hasher): CheckedRecord | UnreadableLine;
  /** A fast way through records that are as their writer left them and follow one another; without it every record is parsed. */
  readonly fastpath?: FastpathFormat;
  /** The normalised form for the event lake. Total: missing fields become empty. */
  toEvent(record: Readonly<Record<string, unknown>>): NormalisedEvent;
  /** How its records state the repository an agent works in; left out where they do not. */
  readonly gitStates?: GitStates;
  /** Kinds of events that end a turn of the agent: what is ahead of one, back to the one before, was done in it. Left out where none does. */
  readonly turnEnds?: readonly string[];
  /** What its events are in OCSF; left out where every record is a call of a tool. */
  readonly ocsf?: OcsfMapping;
  /** What the tool's own verifier says of the whole log; left out where there is none to follow. */
  referenceVerifier?(hasher: Hasher): ReferenceWalk;
  /** The verifier that `referenceVerifier` follows, when it is not the tool's own: `A verifier as …`. */
  readonly referenceVerifierName?: string;
  /** Behind a full stop at the end of a file's name, what this writer alone puts there when it rotates: by it the file is one of the log, whatever lies beside it. */
  readonly rotatedMark?: RegExp;
  /** The name that all its logs have, each in a folder of its own. */
  readonly logName?: string;
  /** Reads a statement the tool itself makes of its logs; null for any other. */
  statementOf?(statement: Statement, hasher: Hasher): ToolStatement | null;
  /** The tool's own statement of a run, where it makes one. */
  readonly runStatement?: RunStatement;
  /** The sidecar files of its tool, and how the log is compared with them. */
  readonly sidecars?: DeclaredSidecars<Sidecar>;
}
