import 'server-only';
import type { z } from 'zod';
import type { ErrorCode } from '@/lib/core/errors';
import type { Access } from './auth';

/** An answer that is not the JSON of `response`, or one beside it. */
export type Answer = {
  /** What it is, in a phrase. */
  is: string;
  /** Media types it comes in; none for an answer without a body. */
  types?: readonly string[];
  /** Of JSON; of anything else it is text or bytes. */
  schema?: z.ZodType;
  /** Headers worth reading, each with what it says. */
  headers?: Readonly<Record<string, string>>;
};

/** What a route says of itself to those who call it, beside what its schemas do. */
export type Described = {
  /** What it does, in a sentence. */
  summary: string;
  /** A body that is not JSON of a schema. */
  sends?: { types: readonly string[]; is: string; isOptional?: boolean };
  /** By status. */
  answers?: Readonly<Record<number, Answer>>;
  /** Failures beside those every route of its access, parameters and body has. */
  errors?: readonly ErrorCode[];
  /** What of records, findings, evidence or reports is taken away by it, in a word: that somebody did is recorded before they have it. `every-download.test.ts` lists who has none. */
  downloads?: string;
  /** Media type and words of its failures, where they are said as another protocol does. */
  failureAs?: { types: readonly string[]; is: string };
};

/** All a route declares. */
export type Operation = Described & {
  access: Access;
  /** It is of the installation, not of a workspace: one's own account, or what is decided in the default workspace. */
  isOfInstallation?: boolean;
  params?: z.ZodType;
  query?: z.ZodType;
  headers?: z.ZodType;
  body?: z.ZodType;
  response?: z.ZodType;
  status?: number;
  /** Where it answers, when the folder of its route has several addresses: a template of OpenAPI. Null for what answers that nothing is there. */
  path?: string | null;
};

const declared = new WeakMap<object, readonly Operation[]>();

/** Attaches to a function that answers requests what it declares; one that hands on to several has the operations of each. */
export function declare<F extends object>(answer: F, operations: readonly Operation[]): F {
  declared.set(answer, operations);
  return answer;
}

/** Null for a function that declares nothing. */
export function operationsOf(answer: object): readonly Operation[] | null {
  return declared.get(answer) ?? null;
}

/** What a function declares, at addresses of their own. @throws Error for one that declares nothing. */
export function declaredAt(answer: object, ...paths: readonly string[]): Operation[] {
  const operations = operationsOf(answer);
  if (!operations) throw new Error('a route hands on to a function that declares nothing');
  return operations.flatMap((operation) => paths.map((path) => ({ ...operation, path })));
}
