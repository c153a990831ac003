import * as z from 'zod';
import { EXTENSIONS, SIGMA_KINDS } from './kinds';
import { LEVELS } from './rule';
import { isZone } from './time-part';

const Level = z.enum(LEVELS);
const Texts = z.array(z.string());
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'must be a day, YYYY-MM-DD');
/** What every rule may say of itself. */
export const Header = {
  title: z.string().min(1).max(256),
  id: z.guid().optional(),
  name: z.string().min(1).optional(),
  related: z.array(z.object({ id: z.guid(), type: z.string() })).optional(),
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
  atlas: z
    .array(z.string().regex(/^AML\.[TM]\d{4}(\.\d{3})?$/, 'must be an id of MITRE ATLAS, such as AML.T0053'))
    .default([]),
  owasp: z
    .array(z.string().regex(/^(ASI|LLM)\d\d$/, 'must be an id of an OWASP Top 10, such as ASI02 or LLM01'))
    .default([]),
  runbook: z.string().default(''),
};

/** Records of guardrails, or of what is done in Sealtrail itself. */
const Logsource = z
  .strictObject({
    product: z.enum(['ai_agent', 'sealtrail']),
    service: z.enum(['guardrail', 'activity']),
    definition: z.string().optional(),
  })
  .refine(({ product, service }) => (product === 'sealtrail') === (service === 'activity'), {
    message: 'must be guardrail of the product ai_agent, or activity of sealtrail',
    path: ['service'],
  });

const Cell = z.union([z.string(), z.number()]);
export const ExampleSchema = z.strictObject({
  name: z.string(),
  events: z.array(z.object({ recorded_at: z.iso.datetime() }).catchall(Cell)),
  findings: z.number().int().min(0),
});
const examples = z.array(ExampleSchema).default([]);

/** Values that stand for `%name%` where a detection says `expand`, by name: of the file, so that its digest is of them too. */
const placeholders = z
  .record(
    z.string().regex(/^[\w.-]+$/),
    z
      .array(z.union([z.string(), z.number()]).transform(String))
      .min(1)
      .max(1_000),
    { error: ({ code }) => (code === 'invalid_key' ? 'must be a name, without percent signs' : undefined) },
  )
  .default({});

const zone = z.string().refine(isZone, 'must be an IANA time zone, such as Europe/Berlin or UTC').default('UTC');

/**
 * Sigma 2.1 rule, sigma-rules-specification.md. The logsource names guardrail records of AI agents, which is all there is here; `timezone`, in which
 * time modifiers are told, `placeholders`, `atlas`, `owasp`, `runbook` and `examples` are our own attributes.
 */
export const SigmaRule = z.looseObject({
  ...Header,
  logsource: Logsource,
  detection: z.record(z.string(), z.unknown()),
  fields: Texts.optional(),
  scope: Texts.optional(),
  timezone: zone,
  placeholders,
  ...Object.fromEntries(EXTENSIONS.map(({ type }) => [type, z.undefined('is of a correlation').optional()])),
  examples,
});

/** What a detection is read with, before the rest. */
export const Detected = SigmaRule.pick({ detection: true, timezone: true, placeholders: true });

/** Sigma 2.1 filter, sigma-filters-specification.md. */
export const SigmaFilter = z.looseObject({
  title: Header.title,
  id: z.guid().optional(),
  description: Header.description,
  date: Header.date,
  modified: Header.modified,
  taxonomy: Header.taxonomy,
  logsource: Logsource,
  filter: z.looseObject({ rules: z.union([z.string(), z.array(z.string())]), condition: z.string() }),
  timezone: zone,
  placeholders,
});

const [{ schema }, ...more] = SIGMA_KINDS;
const SCHEMAS = [schema, ...more.map((kind) => kind.schema)] as const;

/**
 * Sigma 2.1 correlation, sigma-correlation-rules-specification.md. `examples`, and the attributes that make it a kind that Sigma lacks, are our own: the
 * specification has custom attributes, and what does not know them reads the correlation without.
 */
export const SigmaCorrelation = z.looseObject({
  ...Header,
  correlation: z.discriminatedUnion('type', SCHEMAS, `must be ${SIGMA_KINDS.map(({ type }) => type).join(' or ')}`),
  /** The specification has it beside the level, and pySigma in the section. */
  generate: z.boolean().optional(),
  ...Object.fromEntries(EXTENSIONS.map(({ type, attribute }) => [type, attribute.optional()])),
  examples,
});
