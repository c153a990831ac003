import * as z from 'zod';
import { AppError } from '../errors';
import { OWN_CHAIN } from '../own-chain';
import { isColumn } from './columns';
import { parseDetection } from './detection';
import { type RuleDocument, checked, readDocuments } from './documents';
import { Detected, type ExampleSchema, SigmaCorrelation, SigmaFilter, SigmaRule } from './documents-schema';
import { EXTENSIONS, kindOf } from './kinds';
import type { Correlation, Referable } from './kinds/kind';
import {
  type BaseRule,
  type Example,
  type GeneratedRule,
  type InnerCorrelation,
  LEVELS,
  type Level,
  type Predicate,
  type RuleFile,
} from './rule';

/** How deep correlations are over each other: with each the engine takes six times as long to plan, three seconds for these. */
const MAX_CHAIN = 2;
/** Of a rule whose author gave it none. */
const USUAL_LEVEL: Level = 'medium';
/** A rule without a correlation finds each of its records; those of one session that follow each other this closely are one finding. */
const OF_SINGLE_RECORDS = { type: 'event_count', 'group-by': ['session_id'], timespan: '15m', condition: { gte: 1 } };

const Over = z.object({ rules: z.array(z.string()), generate: z.boolean().optional() });
type Header = z.output<typeof SigmaRule> | z.output<typeof SigmaCorrelation>;
type Rule = { header: z.output<typeof SigmaRule>; base: BaseRule; document: RuleDocument };

/**
 * Reads one rule file, as multi-document YAML: one rule, or a correlation with the rules and the correlations it is over; and filters of the rules.
 * @throws AppError BAD_REQUEST naming file, line, column and path for anything that is wrong or not supported.
 */
export function parseRuleFile(yamlText: string, fileName: string): RuleFile {
  const { rules, correlations, filters } = Object.groupBy(readDocuments(yamlText, fileName), ({ value }) =>
    has(value, 'correlation') ? 'correlations' : has(value, 'filter') ? 'filters' : 'rules',
  );
  const read = (rules ?? []).map(readRule);
  for (const filter of filters ?? []) applyFilter(filter, read);
  return correlations ? correlationFile(correlations, read) : singleRuleFile(read, fileName);
}

/** The correlation that no other is over is the rule; every other, and every rule, has to lead to it. */
function correlationFile(documents: readonly RuleDocument[], rules: readonly Rule[]): RuleFile {
  const headers = documents.map((document) => ({ document, header: checked(SigmaCorrelation, document) }));
  const referred = new Set(headers.flatMap(({ header }) => rulesOf(header)));
  const [outer, second] = headers.filter(
    ({ header: { id, name } }) => !referred.has(id ?? '') && !referred.has(name ?? ''),
  );
  second?.document.refuse([], 'holds a second correlation that no other is over; a rule file holds one');
  if (!outer) return documents[0]?.refuse([], 'is over itself') as never; // there is one
  const called = [
    ...rules.map(({ base: { name }, document }) => ({ name, document })),
    ...headers.map(({ header: { id, name = id }, document }) => ({ name, document })),
  ];
  const twice = called.find(
    ({ name }, index) => name !== undefined && called.findIndex((one) => one.name === name) < index,
  );
  twice?.document.refuse([], `another rule of this file is called "${twice.name}"`);
  const bases = rules.map(({ base }) => base);
  const inner: InnerCorrelation[] = [];
  const within: string[] = [];
  function read({ header, document }: (typeof headers)[number]): Correlation {
    for (const [index, wanted] of rulesOf(header).entries()) {
      const next = headers.find((one) => wanted === one.header.name || wanted === one.header.id);
      if (!next || inner.some(({ id, name }) => wanted === id || wanted === name)) continue;
      const path = ['correlation', 'rules', index];
      if (within.includes(wanted)) document.refuse(path, `"${wanted}" is over this one`);
      if (within.length >= MAX_CHAIN)
        document.refuse(path, `correlations are over each other ${MAX_CHAIN + 1} deep at most`);
      within.push(wanted);
      const correlation = read(next);
      within.pop();
      const { id, name } = next.header;
      inner.push({ id: id ?? name ?? '', name: name ?? id ?? '', correlation });
    }
    return readCorrelation(header, [...bases, ...inner], document);
  }
  const correlation = read(outer);
  const stray = headers.find(
    ({ header }) => header !== outer.header && !inner.some(({ id }) => id === (header.id ?? header.name)),
  );
  stray?.document.refuse([], 'does not lead to the correlation of this file, or only to itself');
  const used = new Set([correlation, ...inner.map((one) => one.correlation)].flatMap((one) => one.rules));
  const idle = rules.find(({ base }) => !used.has(base.name));
  idle?.document.refuse([], `no correlation is over the rule "${idle.base.name}"; give it a file of its own`);
  const { header, document } = outer;
  // the worst of those it is over, as the specification has a level adjust theirs
  const level = header.level ?? LEVELS.find((one) => rules.some((rule) => rule.header.level === one)) ?? USUAL_LEVEL;
  const generated = generatedOf(headers, rules, inner);
  return { ...described(header, level, document), correlation, bases, inner, generated };
}

/** Of the type that its section says, or of the kind that a top-level attribute makes of it. */
function readCorrelation(
  header: z.output<typeof SigmaCorrelation>,
  rules: readonly Referable[],
  document: RuleDocument,
): Correlation {
  const { correlation, level } = header;
  const [extension, second] = EXTENSIONS.filter(({ type }) => header[type] !== undefined);
  if (second) document.refuse([second.type], `cannot stand beside ${extension?.type}`, 'key');
  return extension
    ? extension.parse({ ...correlation, level, [extension.type]: header[extension.type] }, rules, document)
    : kindOf(correlation).parse(correlation, rules, document);
}

/** The rules of a file that find something by themselves: those of which every correlation over them says so, as pySigma has it. */
function generatedOf(
  headers: readonly { header: z.output<typeof SigmaCorrelation>; document: RuleDocument }[],
  rules: readonly Rule[],
  inner: readonly InnerCorrelation[],
): GeneratedRule[] {
  const silent = new Set(
    headers.flatMap(({ header, document }) => (generates(header, document) ? [] : rulesOf(header))),
  );
  const isSilent = ({ id, name }: Referable) => silent.has(id) || silent.has(name);
  const single = rules.flatMap((rule): GeneratedRule[] =>
    isSilent(rule.base)
      ? []
      : [
          {
            ...wordsOf(rule.header),
            name: rule.base.name,
            level: rule.header.level ?? USUAL_LEVEL,
            ...byItself(rule),
          },
        ],
  );
  const correlations = inner.flatMap((one): GeneratedRule[] => {
    const header = headers.find(({ header: { id, name } }) => one.id === (id ?? name))?.header;
    if (!header || isSilent(one)) return [];
    const { bases, further } = under(one.correlation, rules, inner);
    const level = header.level ?? LEVELS.find((level) => bases.some((rule) => rule.header.level === level));
    return [
      {
        ...wordsOf(header),
        name: one.name,
        level: level ?? USUAL_LEVEL,
        correlation: one.correlation,
        bases: bases.map(({ base }) => base),
        inner: further,
      },
    ];
  });
  return [...single, ...correlations];
}

/** The rules and correlations that one leads to, in the order of the file. */
function under(
  { rules: names }: Correlation,
  rules: readonly Rule[],
  inner: readonly InnerCorrelation[],
): { bases: Rule[]; further: InnerCorrelation[] } {
  const direct = inner.filter(({ name }) => names.includes(name));
  const below = direct.map(({ correlation }) => under(correlation, rules, inner));
  return {
    bases: rules.filter((rule) => names.includes(rule.base.name) || below.some(({ bases }) => bases.includes(rule))),
    further: inner.filter((one) => direct.includes(one) || below.some(({ further }) => further.includes(one))),
  };
}

/** Whether the rules it is over find something by themselves. */
function generates({ generate, correlation }: z.output<typeof SigmaCorrelation>, { refuse }: RuleDocument): boolean {
  const { generate: within } = Over.parse(correlation);
  if (generate !== undefined && within !== undefined && generate !== within)
    refuse(['generate'], 'says other than correlation.generate', 'key');
  return generate ?? within ?? false;
}

/** What a correlation says it is over; every section has it. */
function rulesOf({ correlation }: z.output<typeof SigmaCorrelation>): string[] {
  return Over.parse(correlation).rules;
}

function singleRuleFile([rule, second]: readonly Rule[], fileName: string): RuleFile {
  second?.document.refuse([], 'holds a second rule; rules that no correlation is over have a file each');
  if (!rule) {
    const place = { file: fileName, line: 1, column: 1, path: '' };
    throw new AppError('BAD_REQUEST', `${fileName}:1:1: holds no rule`, place);
  }
  const { header, document } = rule;
  return { ...described(header, header.level ?? USUAL_LEVEL, document), ...byItself(rule), generated: [] };
}

/** A rule that finds each of its records. */
function byItself({ base, document }: Rule): Pick<RuleFile, 'correlation' | 'bases' | 'inner'> {
  const section = { ...OF_SINGLE_RECORDS, rules: [base.name] };
  return { correlation: kindOf(section).parse(section, [base], document), bases: [base], inner: [] };
}

/** What a finding says of its rule. */
function wordsOf({ title, description, tags, atlas, owasp, runbook, falsepositives: falsePositives }: Header) {
  return { title, description, tags, atlas, owasp, runbook, falsePositives };
}

function described(
  header: Header,
  level: Level,
  document: RuleDocument,
): Omit<RuleFile, 'correlation' | 'bases' | 'inner' | 'generated'> {
  const { id, status, references, examples } = header;
  return {
    ...wordsOf(header),
    id: id ?? document.refuse([], 'needs an id, a UUID: findings are known by it'),
    level,
    status,
    references,
    examples: examples.map((example, index) => parseExample(example, index, document)),
    custom: Object.fromEntries(Object.entries(header).filter(([key]) => !isKnown(key))),
  };
}

function isKnown(key: string): boolean {
  return Object.hasOwn(SigmaRule.shape, key) || Object.hasOwn(SigmaCorrelation.shape, key);
}

/** The detection before the logsource: of a rule for other records, the fields that there are none of here are what says so best. */
function readRule(document: RuleDocument): Rule {
  const { refuse } = document;
  const { detection, timezone, placeholders } = checked(Detected, document);
  const where = parseDetection(detection, ['detection'], { refuse, zone: timezone, placeholders });
  const header = checked(SigmaRule, document);
  const { id, name, title } = header;
  const called = name ?? id ?? refuse([], 'a rule needs a name or an id, to be named by');
  return { header, base: { id: id ?? called, name: called, title, where: ofSource(header, where) }, document };
}

/** Records of the source that a rule names alone. */
function ofSource({ logsource: { product } }: z.output<typeof SigmaRule>, where: Predicate): Predicate {
  const isOwn: Predicate = { kind: 'text', column: 'format', pattern: [{ text: OWN_CHAIN.format }], cased: true };
  return { kind: 'and', of: [where, product === 'sealtrail' ? isOwn : { kind: 'not', of: isOwn }] };
}

/** A filter's condition has to hold as well, as pySigma has it: what is to be left out is written `not selection`. */
function applyFilter(document: RuleDocument, rules: readonly Rule[]): void {
  const { refuse } = document;
  const { filter, timezone, placeholders } = checked(SigmaFilter, document);
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

function has(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && key in value;
}
