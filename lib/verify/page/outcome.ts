import type { Check, DescribedCheck } from '../../core/checks/check';
import type { ProblemCounts, Problem } from '../../core/chain/problem';
import type { Verdict } from '../../core/chain/verdict';

/** `unchecked`: nothing speaks against it, and what would prove it is missing. */
type Outcome = 'holds' | 'fails' | 'unchecked';

/** What a step that was skipped takes away. */
type Weight = {
  /** It is proven otherwise: that it could not be checked takes nothing away. */
  isMore?: boolean;
  /** All that is missing is somebody else who vouches for the key. */
  isSelfAttested?: boolean;
  /** It can only be taken from who signed it: nothing that could be here shows it. */
  isWord?: boolean;
};
/** One thing that was compared, and what with what. */
export type Row = Check & Weight;
/** The same with what it says. */
export type DescribedRow = DescribedCheck & Weight;

/** A bundle, a record proof or a package with all that was checked of it. */
export type Checked<R extends Row = DescribedRow> = {
  id: string;
  kind: 'bundle' | 'proof' | 'package';
  /** What it is in few words, and the name of its file. */
  title: string;
  file: string;
  rows: R[];
  /** What the statement says, in words; not proven unless the signature holds. */
  says: { words: string; facts: { label: string; value: string }[]; proven: boolean } | null;
  /** The statement, or the record that is proven, as it stands there. */
  content: { label: string; text: string } | null;
};

export type LogChecked<R extends Row = DescribedRow> = {
  id: string;
  /** Several for a chain that lies here in pieces. */
  files: string[];
  format: string;
  state:
    | { kind: 'walking' }
    | { kind: 'failed'; message: string }
    | {
        kind: 'walked';
        verdict: Verdict;
        /** True when it begins in the middle of a chain and was checked as that. */
        continues: boolean;
        sentence: string;
        records: number;
        sizeBytes: number;
        head: string | null;
        firstRecordedAt: string | null;
        lastRecordedAt: string | null;
        /** The most serious of them, in file order; `problemCounts` has all. */
        problems: Problem[];
        problemCounts: ProblemCounts;
      };
  rows: R[];
};

/** One piece of trust material. */
export type TrustItem = { name: string; what: string; why: string; selfAttested: boolean };

export type FileItem = {
  id: string;
  name: string;
  /** The package it came in. */
  from: string | null;
  sizeBytes: number;
  what: string;
  /** It could not be read or is of no use. */
  isTrouble: boolean;
};

export type Report = {
  /** `nothing`: there is nothing to check yet. */
  outcome: Outcome | 'nothing' | 'working';
  headline: string;
  lead: string;
  checked: Checked[];
  logs: LogChecked[];
  trust: TrustItem[];
  files: FileItem[];
};
