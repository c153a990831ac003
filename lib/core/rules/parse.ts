import type * as z from 'zod';
import { AppError } from '../errors';
import { isColumn } from './columns';
import { parseDetection } from './detection';
import { type RuleDocument, readDocuments } from './documents';
import { Detected, type ExampleSchema, SigmaCorrelation, SigmaFilter, SigmaRule } from './documents-schema';
import type { ItemContext } from './item';
import { kindOf } from './kinds';
import { type BaseRule, type Example, LEVELS, type Level, type Predicate, type RuleFile } from './rule';

/** What rules of an installation may lean on. */
export type ParseOptions = {
  /** Values of placeholders, for the modifier `expand`, by name without its percent signs. */
  placeholders?: ItemContext['placeholders'];
};

/** Of a rule whose author gave it none. */
const USUAL_LEVEL: Level = 'medium';
/** A rule without a correlation finds each of its records; those of one session that follow each other this closely are one finding. */
const OF_SINGLE_RECORDS = { type: 'event_count', 'group-by': ['session_id'], timespan: '15m', condition: { gte: 1 } };

type Header = z.output<typeof SigmaRule> | z.output<typeof SigmaCorrelation>;
type Rule = { header: z.output<typeof SigmaRule>; base: BaseRule; document: RuleDocument };

/**
 * Reads one rule file, as multi-document YAML: one rule, or one correlation with the rules it is over; and filters of these.
 * @throws AppError BAD_REQUEST naming file, line, column and path for anything that is wrong or not supported.
 */
export function parseRuleFile(yamlText: string, fileName: string, { placeholders = {} }: ParseOptions = {}): RuleFile {
  const { rules, correlations, filters } = Object.groupBy(readDocuments(yamlText, fileName), ({ value }) =>
    has(value, 'correlation') ? 'correlations' : has(value, 'filter') ? 'filters' : 'rules',
  );
  const read = (rules ?? []).map((document) => readRule(document, placeholders));
  for (const filter of filters ?? []) applyFilter(filter, read, placeholders);
  const [correlation, second] = correlations ?? [];
  second?.refuse([], 'holds a second correlation; a rule file holds one, with the rules it is over');
  return correlation ? correlationFile(correlation, read) : singleRuleFile(read, fileName);
}

function correlationFile(document: RuleDocument, rules: readonly Rule[]): RuleFile {
  const header = checked(SigmaCorrelation, document);
  const bases = rules.map(({ base }) => base);
  const correlation = kindOf(header.correlation).parse(header.correlation, bases, document);
  const idle = rules.find(({ base }) => !correlation.rules.includes(base.name));
  idle?.document.refuse([], `the correlation is not over the rule "${idle.base.name}"; give it a file of its own`);
  // the worst of those it is over, as the specification has a level adjust theirs
  const level = header.level ?? LEVELS.find((one) => rules.some((rule) => rule.header.level === one)) ?? USUAL_LEVEL;
  return { ...described(header, level, document), correlation, bases };
}

function singleRuleFile([rule, second]: readonly Rule[], fileName: string): RuleFile {
  second?.document.refuse([], 'holds a second rule; rules that no correlation is over have a file each');
  if (!rule) {
    const place = { file: fileName, line: 1, column: 1, path: '' };
    throw new AppError('BAD_REQUEST', `${fileName}:1:1: holds no rule`, place);
  }
  const { header, base, document } = rule;
  const section = { ...OF_SINGLE_RECORDS, rules: [base.name] };
  const correlation = kindOf(section).parse(section, [base], document);
  return { ...described(header, header.level ?? USUAL_LEVEL, document), correlation, bases: [base] };
}

function described(header: Header, level: Level, document: RuleDocument): Omit<RuleFile, 'correlation' | 'bases'> {
  const { id, title, description, status, tags, falsepositives: falsePositives, references, examples } = header;
  return {
    id: id ?? document.refuse([], 'needs an id, a UUID: findings are known by it'),
    title,
    description,
    level,
    status,
    tags,
    falsePositives,
    references,
    examples: examples.map((example, index) => parseExample(example, index, document)),
    custom: Object.fromEntries(Object.entries(header).filter(([key]) => !isKnown(key))),
  };
}

function isKnown(key: string): boolean {
  return Object.hasOwn(SigmaRule.shape, key) || Object.hasOwn(SigmaCorrelation.shape, key);
}

/** The detection before the logsource: of a rule for other records, the fields that there are none of here are what says so best. */
function readRule(document: RuleDocument, placeholders: ItemContext['placeholders']): Rule {
  const { refuse } = document;
  const { detection, timezone } = checked(Detected, document);
  const where = parseDetection(detection, ['detection'], { refuse, zone: timezone, placeholders });
  const header = checked(SigmaRule, document);
  const { id, name, title } = header;
  const called = name ?? id ?? refuse([], 'a rule needs a name or an id, to be named by');
  return { header, base: { id: id ?? called, name: called, title, where }, document };
}

/** A filter's condition has to hold as well, as pySigma has it: what is to be left out is written `not selection`. */
function applyFilter(document: RuleDocument, rules: readonly Rule[], placeholders: ItemContext['placeholders']): void {
  const { refuse } = document;
  const { filter, timezone } = checked(SigmaFilter, document);
  const { rules: wanted, ...detection } = filter;
  const where = parseDetection(detection, ['filter'], { refuse, zone: timezone, placeholders });
  const isAny = wanted.length === 0 || (typeof wanted === 'string' && wanted.toLowerCase() === 'any');
  const names = isAny ? rules.map(({ base }) => base.name) : typeof wanted === 'string' ? [wanted] : wanted;
  for (const [index, name] of names.entries()) {
    const path = typeof wanted === 'string' ? ['filter', 'rules'] : ['filter', 'rules', index];
    const rule = rules.find(({ base }) => base.name === name || base.id === name);
    if (!rule) return refuse(path, `no rule of this file is called "${name}"`);
    const of: Predicate[] = [rule.base.where, where];
    rule.base = { ...rule.base, where: { kind: 'and', of } };
  }
}

function parseExample(
  { name, events, findings }: z.output<typeof ExampleSchema>,
  index: number,
  { refuse }: RuleDocument,
): Example {
  for (const [at, event] of events.entries()) {
    const wrong = Object.keys(event).find((key) => key !== 'recorded_at' && !isColumn(key));
    if (wrong) refuse(['examples', index, 'events', at, wrong], 'is no field of a record');
  }
  return { name, events, findings };
}

function checked<T extends z.ZodType>(schema: T, { value, refuse }: RuleDocument): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys')
    return refuse([...issue.path, issue.keys[0] ?? ''], 'is not supported here', 'key');
  return refuse(issue?.path ?? [], issue?.message ?? 'is no Sigma rule');
}

function has(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && key in value;
}
