import type { z } from 'zod';
import { Refusal } from '../../checks/check';
import { schemaIssues } from '../schema-issues';
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
  readonly companion: { readonly id: Companion; readonly label: string } | null;
  readonly build: (...input: never[]) => Statement;
  /** What it says, in words. @throws Refusal when it breaks the schema. */
  describe(predicate: unknown): string;
  /** What it says in favour of its subjects, in a word; null when it says nothing for them. */
  favours(predicate: unknown): string | null;
};

type Defined<S extends z.ZodType, Companion extends string> = Pick<Predicate<Companion>, 'type' | 'label' | 'build'> & {
  olderTypes?: readonly string[];
  schema: S;
  madeAt: (keyof z.output<S> & string) | null;
  companion?: { id: Companion; label: string };
  describe(predicate: z.output<S>): string;
  favours?(predicate: z.output<S>): string | null;
};

export function definePredicate<S extends z.ZodType, const Companion extends string = never>({ olderTypes = [], schema, companion, describe, favours, ...defined }: Defined<S, Companion>): Predicate<Companion> {
  return {
    ...defined,
    olderTypes,
    schema,
    companion: companion ?? null,
    describe(predicate) {
      const parsed = schema.safeParse(predicate);
      if (!parsed.success) throw new Refusal({ code: 'predicate-breaks-schema', issues: schemaIssues(parsed.error.issues) });
      return describe(parsed.data);
    },
    favours(predicate) {
      const parsed = schema.safeParse(predicate);
      return parsed.success ? (favours?.(parsed.data) ?? null) : null;
    },
  };
}
