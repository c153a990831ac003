import 'server-only';
import { type Matching, matchingSql } from '../../core/rules/matching';
import type { Params } from '../../core/rules/predicate-sql';

/** What one SELECT asks of several rules at most: the engine reads 256 KiB of one, and a mebibyte of values. */
const MOST_CHARACTERS = 150_000;
const MOST_VALUES = 1_000;

type Size = { characters: number; values: number };
const sizes = new WeakMap<Matching, Size>();

/** Rules in parts that one SELECT can ask of, in their order, which writes what each matches so many `times`; one that is larger by itself is a part. */
export function inParts<R extends Matching>(
  rules: readonly R[],
  mostRules = Number.POSITIVE_INFINITY,
  times = 1,
): R[][] {
  const parts: R[][] = [];
  let left: Size = { characters: 0, values: 0 };
  for (const rule of rules) {
    const size = sizeOf(rule);
    const last = parts.at(-1);
    if (last && last.length < mostRules && size.characters <= left.characters && size.values <= left.values) {
      last.push(rule);
    } else {
      parts.push([rule]);
      left = { characters: MOST_CHARACTERS / times, values: MOST_VALUES / times };
    }
    left = { characters: left.characters - size.characters, values: left.values - size.values };
  }
  return parts;
}

function sizeOf(rule: Matching): Size {
  const known = sizes.get(rule);
  if (known) return known;
  const params: Params = {};
  const size = { characters: matchingSql(rule, params).length, values: Object.keys(params).length };
  sizes.set(rule, size);
  return size;
}

/**
 * Of a SELECT of rules. The steps of its plan stay as they are written: to make one of several takes a tenth of the time it is planned in, and saves none over
 * a million records; only what is found by an index of words needs it. What is grouped or sorted goes to disk where it is more than a gigabyte: a rule that looks
 * back reads every record of its history.
 */
export const RULE_SETTINGS = {
  query_plan_merge_expressions: 0,
  max_bytes_before_external_group_by: '1000000000',
  max_bytes_before_external_sort: '1000000000',
} as const;
