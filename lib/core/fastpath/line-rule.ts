import type { Code, Local } from '../wasm/code';
import type { WasmFunction, WasmGlobal } from '../wasm/module';
import type { JsonFunctions } from './json';
import type { NewLocal, TextFunctions } from './text';

/** What a rule for lines is written with. */
type RuleTools = {
  text: TextFunctions;
  json: Pick<JsonFunctions, 'isBefore' | 'memberCount' | 'exponents' | 'unlike' | 'surplus'>;
  /** (from, to, entry) Reads a time into the entry. */
  instant: WasmFunction;
  from: Local;
  /** The newline. */
  to: Local;
  entry: Local;
  /** Two addresses for what the hash covers. */
  span: Local;
  /** 32 bytes for the hash the line states. */
  stated: Local;
  /** The same for another hash of the line, for rules with `secondaryHash`. */
  secondarySpan: Local;
  secondaryStated: Local;
  /** Where what is covered can be put together; moves on behind it. */
  scratch: WasmGlobal;
  local: NewLocal;
};

/**
 * The body of a function that reads one line, an object whose members lie in `MEMBERS`, and gives back 1 when it is, but for its hash, wholly as its writer writes it: what the
 * format's `check` takes without a note when the hash holds. Gives back 0 for any other. It fills the entry, the span and `stated`.
 */
export type LineFastpath = (tools: RuleTools) => Code;

/**
 * Whether a line that the rule took is canonical: what the format's own verifier would write of it again, without its hash, is to the letter what the hash covers,
 * and that verifier finds nothing in it but what its link to the record before may show. The line is as the rule left it.
 */
export type CanonicalLine = (tools: Pick<RuleTools, 'text' | 'json' | 'from' | 'to' | 'local'>) => Code;

export type FastpathFormat = {
  rule: LineFastpath;
  /** For formats whose `referenceVerifier` passes over canonical records; left out where they are followed one by one. */
  canonical?: CanonicalLine;
  /** Records carry numbers one after another. */
  numbered: boolean;
  /** A line states two hashes of its own. */
  secondaryHash: boolean;
};
