import type { z } from 'zod';
import type { Level } from '../../rules/rule';
import { schemaIssues } from '../schema-issues';
import type { Standing } from '../standing';
import type { Statement } from '../statement';

/** A kind of statement that is read here, and as a rule made here too. */
export type Predicate<Companion extends string = string> = {
  readonly type: string;
  /** Types the same predicate had before. */
  readonly olderTypes: readonly string[];
  /** As people call it. */
  readonly label: string;
  readonly schema: z.ZodType;
  /** Its member that says when the statement was made; null when none does. */
  readonly madeAt: string | null;
  /** For one that can be asked for beside our own: by what name, and what that is in words. */
  readonly companion: {
    readonly id: Companion;
    readonly label: string;
    /** Null for one that is made of each run, by the format that declares it. */
    readonly make: ((made: CompanionInput) => Statement) | null;
  } | null;
  readonly build: (...input: never[]) => Statement;
  /** What it says, in words, or in what it breaks the schema. */
  describe(predicate: unknown): { says: string } | { issues: string };
  /** What it says in favour of its subjects, in a word; null when it says nothing for them. */
  favours(predicate: unknown): string | null;
  /** What it claims of the logs it is about; null when it claims nothing a log can show, or breaks the schema. */
  claims(predicate: unknown): Claims | null;
};

/** What is known of a chain, or of part of it, of which statements are made for tools that know nothing of chains. */
export type CompanionInput = {
  /** Only bytes the standing is about. */
  subject: Statement['subject'];
  verifier: { id: string; version: Record<string, string> };
  verifiedAt: string;
  /** Where the bytes of the subject are fetched. */
  resourceUri: string;
  standing: Standing;
  policy: { name: string; uri: string; digest: { sha256: string } };
  inputAttestations: { uri: string; digest: Record<string, string> }[];
  /** Rules that ran, each with the levels there are in what it found. */
  rules: readonly { id: string; name: string; digest: { sha256: string }; levels: readonly Level[] }[];
  /** What holds beyond the chain itself. */
  properties: readonly string[];
  url: string;
};

/** One thing it says: that a log holds, that it does not, that it has a property, or what rules found in it. */
export type Claim =
  | { kind: 'holds' | 'fails'; words: string }
  | { kind: 'property'; property: string }
  | { kind: 'rules'; result: string; rules: number; failed: readonly string[] };
type Claims = {
  claims: readonly Claim[];
  /** It is on logs alone: what it claims is told whether one is here or not. */
  isOnLogs: boolean;
};

/** A predicate with its own type. */
type Typed<S extends z.ZodType, Companion extends string> = Predicate<Companion> & {
  isOf(statement: Statement): boolean;
  /** Null for a statement of another type, and for one that breaks the schema. */
  read(statement: Statement): z.output<S> | null;
};

type Defined<S extends z.ZodType, Companion extends string> = Pick<Predicate<Companion>, 'type' | 'label' | 'build'> & {
  olderTypes?: readonly string[];
  schema: S;
  madeAt: (keyof z.output<S> & string) | null;
  companion?: NonNullable<Predicate<Companion>['companion']>;
  describe(predicate: z.output<S>): string;
  favours?(predicate: z.output<S>): string | null;
  claims?(predicate: z.output<S>): Claims;
};

export function definePredicate<S extends z.ZodType, const Companion extends string = never>({
  olderTypes = [],
  schema,
  companion,
  describe,
  favours,
  claims,
  ...defined
}: Defined<S, Companion>): Typed<S, Companion> {
  const isOf = ({ predicateType }: Statement) => predicateType === defined.type || olderTypes.includes(predicateType);
  return {
    ...defined,
    olderTypes,
    schema,
    companion: companion ?? null,
    describe(predicate) {
      const parsed = schema.safeParse(predicate);
      return parsed.success ? { says: describe(parsed.data) } : { issues: schemaIssues(parsed.error.issues) };
    },
    favours(predicate) {
      const parsed = schema.safeParse(predicate);
      return parsed.success ? (favours?.(parsed.data) ?? null) : null;
    },
    claims(predicate) {
      const parsed = schema.safeParse(predicate);
      return parsed.success ? (claims?.(parsed.data) ?? null) : null;
    },
    isOf,
    read: (statement) => (isOf(statement) ? (schema.safeParse(statement.predicate).data ?? null) : null),
  };
}
