import * as z from 'zod';
import { AppError } from '../errors';
import { isColumn } from './columns';
import { parseDetection } from './detection';
import { type RuleDocument, readDocuments } from './documents';
import type { ItemContext } from './item';
import { KINDS, kindOf } from './kinds';
import { type BaseRule, type Example, LEVELS, type RuleFile } from './rule';
import { isZone } from './time-part';

const Level = z.enum(LEVELS);
const Texts = z.array(z.string());
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'must be a day, YYYY-MM-DD');
const Header = {
  title: z.string().min(1).max(256),
  id: z.uuid().optional(),
  name: z.string().min(1).optional(),
  related: z.array(z.object({ id: z.uuid(), type: z.string() })).optional(),
  taxonomy: z.literal('sigma').optional(),
  status: z.enum(['stable', 'test', 'experimental', 'deprecated', 'unsupported']).default('experimental'),
  description: z.string().default(''),
  license: z.string().optional(),
  references: Texts.default([]),
  author: z.string().optional(),
  date: day.optional(),
  modified: day.optional(),
  falsepositives: Texts.default([]),
  level: Level.optional(),
  tags: Texts.default([]),
};

/**
 * Sigma 2.1 rule, sigma-rules-specification.md. The logsource names guardrail records of AI agents, which is all there is here; `timezone`, in which
 * time modifiers are told, is our own attribute.
 */
const SigmaRule = z.looseObject({
  ...Header,
  logsource: z.strictObject({
    product: z.literal('ai_agent'),
    service: z.literal('guardrail'),
    definition: z.string().optional(),
  }),
  detection: z.record(z.string(), z.unknown()),
  fields: Texts.optional(),
  scope: Texts.optional(),
  timezone: z.string().refine(isZone, 'must be an IANA time zone, such as Europe/Berlin or UTC').default('UTC'),
});

const Detected = SigmaRule.pick({ detection: true, timezone: true });

const Cell = z.union([z.string(), z.number()]);
const ExampleSchema = z.strictObject({
  name: z.string(),
  events: z.array(z.object({ recorded_at: z.iso.datetime() }).catchall(Cell)),
  findings: z.number().int().min(0),
});

/** Sigma 2.1 correlation, sigma-correlation-rules-specification.md; `examples` is our own attribute. */
const [{ schema }, ...more] = KINDS;
const SCHEMAS = [schema, ...more.map((kind) => kind.schema)] as const;

const SigmaCorrelation = z.looseObject({
  ...Header,
  id: z.uuid(),
  level: Level,
  correlation: z.discriminatedUnion('type', SCHEMAS, `must be ${KINDS.map(({ type }) => type).join(' or ')}`),
  examples: z.array(ExampleSchema).default([]),
});

/** What rules of an installation may lean on. */
export type ParseOptions = {
  /** Values of placeholders, for the modifier `expand`, by name without its percent signs. */
  placeholders?: ItemContext['placeholders'];
};

/**
 * Reads one rule file: base rules and exactly one correlation over them, as multi-document YAML.
 * @throws AppError BAD_REQUEST naming file, line, column and path for anything that is wrong or not supported.
 */
export function parseRuleFile(yamlText: string, fileName: string, { placeholders = {} }: ParseOptions = {}): RuleFile {
  const documents = readDocuments(yamlText, fileName);
  const bases: BaseRule[] = [];
  const correlations: { parsed: z.output<typeof SigmaCorrelation>; document: RuleDocument }[] = [];
  for (const document of documents) {
    const { value } = document;
    if (typeof value === 'object' && value !== null && 'correlation' in value)
      correlations.push({ parsed: checked(SigmaCorrelation, document), document });
    else bases.push(parseBase(document, placeholders));
  }
  const [only, second] = correlations;
  const oneOnly = 'a rule file holds one correlation, with the rules it counts';
  second?.document.refuse([], `holds a second correlation; ${oneOnly}`);
  if (!only)
    throw new AppError('BAD_REQUEST', `${fileName}:1: holds no correlation; ${oneOnly}`, {
      file: fileName,
      line: 1,
      path: '',
    });
  const { parsed, document } = only;
  return {
    id: parsed.id,
    title: parsed.title,
    description: parsed.description,
    level: parsed.level,
    status: parsed.status,
    tags: parsed.tags,
    falsePositives: parsed.falsepositives,
    references: parsed.references,
    correlation: kindOf(parsed.correlation).parse(parsed.correlation, bases, document),
    bases,
    examples: parsed.examples.map((example, index) => parseExample(example, index, document)),
    custom: customOf(parsed),
  };
}

/** What a document says beside what is known. */
function customOf(parsed: object): RuleFile['custom'] {
  return Object.fromEntries(Object.entries(parsed).filter(([key]) => !Object.hasOwn(SigmaCorrelation.shape, key)));
}

/** The detection before the logsource: of a rule for other records, the fields that there are none of here are what says so best. */
function parseBase(document: RuleDocument, placeholders: ItemContext['placeholders']): BaseRule {
  const { refuse } = document;
  const { detection, timezone } = checked(Detected, document);
  const where = parseDetection(detection, ['detection'], { refuse, zone: timezone, placeholders });
  const { id, name, title } = checked(SigmaRule, document);
  const called = name ?? id;
  if (!called) return refuse([], 'a rule needs a name or an id, for the correlation to name it by');
  return { id: id ?? called, name: called, title, where };
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
