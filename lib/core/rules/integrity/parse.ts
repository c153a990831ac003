import * as z from 'zod';
import { Header } from '../documents-schema';
import { checked, readDocuments } from '../documents';
import { LEVELS, type RuleFile } from '../rule';
import { OBSERVED, type Observation, type Observed } from './observation';

const valuesOf = <F extends Observed>(field: F) => z.array(z.enum(OBSERVED[field])).min(1).optional();
const ofOne = (values: object) => Object.values(values).filter((value) => value !== undefined).length === 1;

const Observations = z
  .strictObject({
    problem: z.enum(OBSERVED.problem).optional(),
    alarm: z.enum(OBSERVED.alarm).optional(),
    waiting: z.enum(OBSERVED.waiting).optional(),
  })
  .refine(ofOne, 'must be one of problem, alarm and waiting')
  .array();

/** Sigma 2.1 rule, sigma-rules-specification.md, whose logsource names what is seen of chains; of detections, as much as one list of values takes. */
const IntegrityRule = z.looseObject({
  ...Header,
  id: z.guid(),
  level: z.enum(LEVELS),
  logsource: z.strictObject({ product: z.literal('sealtrail'), service: z.literal('chain') }),
  detection: z.strictObject({
    selection: z
      .strictObject({ problem: valuesOf('problem'), alarm: valuesOf('alarm'), waiting: valuesOf('waiting') })
      .refine(ofOne, 'must name one of problem, alarm and waiting'),
    condition: z.literal('selection'),
  }),
  examples: z.array(z.strictObject({ name: z.string(), observed: Observations, findings: z.number().int().min(0) })),
});

const AboutChains = z.object({ logsource: z.object({ product: z.literal('sealtrail') }) });

type Said = Omit<RuleFile, 'correlation' | 'bases' | 'inner' | 'generated' | 'examples' | 'custom'>;

/** A rule about chains themselves. */
export type IntegrityRule = Said & {
  field: Observed;
  values: readonly string[];
  /** What is seen of a chain, and how many findings of it the rule makes. */
  examples: { name: string; observed: Observation[]; findings: number }[];
};

/** Whether a text is of a rule about chains, by its logsource; of one that cannot be read nobody knows. */
export function isIntegrityRule(yamlText: string, fileName: string): boolean {
  return AboutChains.safeParse(readDocuments(yamlText, fileName)[0]?.value).success;
}

/** @throws AppError BAD_REQUEST naming file, line, column and path for anything that is wrong or not supported. */
export function parseIntegrityRule(yamlText: string, fileName: string): IntegrityRule {
  const [document, second] = readDocuments(yamlText, fileName);
  if (!document) throw new TypeError('a text without a document is refused');
  second?.refuse([], 'holds a second rule');
  const { falsepositives, detection, examples, ...header } = checked(IntegrityRule, document);
  const [field = 'problem'] = Object.keys(detection.selection) as Observed[]; // its keys, of which there is one
  const values = detection.selection[field] ?? [];
  const { id, title, description, level, status, tags, atlas, owasp, runbook, references } = header;
  return {
    id,
    title,
    description,
    level,
    status,
    tags,
    atlas,
    owasp,
    runbook,
    falsePositives: falsepositives,
    references,
    field,
    values,
    examples: examples.map(({ name, observed, findings }) => ({
      name,
      findings,
      observed: observed.map((one) => {
        const [of = 'problem'] = Object.keys(one) as Observed[]; // its keys, of which there is one
        return { field: of, value: one[of] } as Observation; // a value of its field
      }),
    })),
  };
}

/** Whether something seen of a chain is of a rule. */
export function isOf({ field, values }: Pick<IntegrityRule, 'field' | 'values'>, seen: Observation): boolean {
  return seen.field === field && values.includes(seen.value);
}
