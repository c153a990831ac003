import { AppError } from '../errors';
import { needsOf } from './able';
import { parseDetection } from './detection';
import { type RuleDocument, checked, readDocuments } from './documents';
import { SigmaFilter } from './documents-schema';
import { parseRuleFile } from './parse';
import type { Predicate } from './rule';

/** A rule as a filter names it, by id or name; `refuse` says what is wrong with that, at its place. */
export type NamedRule = { name: string; refuse: (message: string) => never };

/** A Sigma filter by itself: of rules that stand in other files. */
export type Suppression = {
  title: string;
  rules: NamedRule[];
  /** What records must be that the filter keeps; all others it leaves out. */
  keeps: Predicate;
};

/**
 * Reads one Sigma filter, sigma-filters-specification.md, which names its rules one by one.
 * @throws AppError BAD_REQUEST naming file, line, column and path for anything that is wrong or not supported.
 */
export function parseSuppression(yamlText: string, fileName: string): Suppression {
  const [document, second] = readDocuments(yamlText, fileName);
  if (!document) throw new TypeError('a text without a document is refused');
  second?.refuse([], 'holds a second document; a suppression is one filter');
  const { refuse } = document;
  const { title, filter, timezone, placeholders } = checked(SigmaFilter, document);
  const { rules, ...detection } = filter;
  return {
    title,
    rules: namedRules(rules, document),
    keeps: parseDetection(detection, ['filter'], { refuse, zone: timezone, placeholders }),
  };
}

function namedRules(wanted: string | readonly string[], { refuse }: RuleDocument): NamedRule[] {
  const names = typeof wanted === 'string' ? [wanted] : wanted;
  if (names.length === 0) refuse(['filter', 'rules'], 'must name at least one rule');
  return names.map((name, index) => {
    const path = typeof wanted === 'string' ? ['filter', 'rules'] : ['filter', 'rules', index];
    if (name.toLowerCase() === 'any') refuse(path, 'a suppression names its rules one by one');
    return { name, refuse: (message) => refuse(path, message) };
  });
}

/** How many records any finding of a rule takes at least; 1 of a text that is not read. */
export function leastRecords(yamlText: string): number {
  try {
    return needsOf(parseRuleFile(yamlText, 'rule')).records;
  } catch (error) {
    if (error instanceof AppError && error.code === 'BAD_REQUEST') return 1;
    throw error;
  }
}
