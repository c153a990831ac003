import * as z from 'zod';
import { isZone } from '../core/rules/time-part';
import { MOST_SAMPLED, SEED_PATTERN } from '../core/sampling/draw';
import { MOST_REPORTED } from './most-reported';
import { Schedule } from './report-schedules';
import { FrameworkId } from './controls';
import { Instant, PageQuery, Sha256, page } from './common';

/** What a report is about. */
export const ReportKind = z.enum(['governance', 'integrity', 'usage', 'controls', 'incident']);
export type ReportKind = z.infer<typeof ReportKind>;

/** Parts of the document, in order; the tables that go with each are `SECTION_TABLES`. */
export const ReportSection = z.enum(['summary', 'integrity', 'activity', 'tools', 'blocked', 'findings', 'signatures']);
export type ReportSection = z.infer<typeof ReportSection>;

const Line = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), {
    message: 'must be text without control characters',
  });
const isDistinct = (values: readonly string[]): boolean => new Set(values).size === values.length;
const TWICE = { message: 'names one twice' };

/** Which records are counted: of all chains, and of all agents, where none is named. */
export const ReportScope = z.strictObject({
  /** Names of chains, or the beginning of names with a `*` behind it. */
  chains: z.array(Line).max(100).refine(isDistinct, TWICE).default([]),
  /** Agents as records name them, letter by letter. */
  agents: z.array(Line).max(100).refine(isDistinct, TWICE).default([]),
});
export type ReportScope = z.infer<typeof ReportScope>;

const Day = z.iso.date().refine((day) => day >= '1970-01-01' && day < '2262-01-01', {
  message: 'must be a day from 1970 to 2261',
});
/** Days are those of the definition's zone, from midnight to midnight. */
export const DefinitionPeriod = z.discriminatedUnion('of', [
  /** The last week (from Monday), month or quarter that has ended. */
  z.strictObject({ of: z.enum(['last-week', 'last-month', 'last-quarter']) }),
  /** So many days before today. */
  z.strictObject({ of: z.literal('last-days'), days: z.number().int().min(1).max(3660) }),
  /** Both days are in. */
  z
    .strictObject({ of: z.literal('days'), firstDay: Day, lastDay: Day })
    .refine(({ firstDay, lastDay }) => firstDay <= lastDay, {
      message: 'must not be before firstDay',
      path: ['lastDay'],
    }),
  /** Of an incident: from the first moment of its findings to the last. */
  z.strictObject({ of: z.literal('findings') }),
]);
export type DefinitionPeriod = z.infer<typeof DefinitionPeriod>;
/** One that the calendar gives. */
export type CalendarPeriod = Exclude<DefinitionPeriod, { of: 'findings' }>;

/** What an incident report is of: a case, or findings that were chosen. */
const IncidentSubject = z.union([
  z.strictObject({ caseId: z.uuid() }),
  z.strictObject({ findingIds: z.array(z.uuid()).min(1).max(MOST_REPORTED).refine(isDistinct, TWICE) }),
]);
export type IncidentSubject = z.infer<typeof IncidentSubject>;

const TimeZone = z.string().max(64).refine(isZone, 'must be an IANA time zone, such as Europe/Berlin or UTC');

/** Records that are drawn of those a report is of, by a seed that whoever is to believe the sample chooses. */
export const SampleAsked = z.strictObject({
  seed: z.string().regex(SEED_PATTERN, 'must be 1 to 128 of A-Z a-z 0-9 . _ : -'),
  size: z.number().int().min(1).max(MOST_SAMPLED),
});

/** What a report is made of, without its name. */
const Content = {
  kind: ReportKind.default('governance'),
  scope: ReportScope.prefault({}),
  period: DefinitionPeriod,
  /** Of `incident` alone. */
  incident: IncidentSubject.optional(),
  /** Of `controls` alone. */
  framework: FrameworkId.optional(),
  timeZone: TimeZone.default('UTC'),
  sections: z
    .array(ReportSection)
    .min(1)
    .max(ReportSection.options.length)
    .refine(isDistinct, TWICE)
    // in the order of the document, however they were given
    .transform((chosen) => ReportSection.options.filter((section) => chosen.includes(section)))
    .meta({ json: { type: 'array', items: { type: 'string', enum: ReportSection.options }, minItems: 1 } })
    .default([...ReportSection.options]),
  /** Tables begin with a byte order mark, by which Excel knows UTF-8. */
  bom: z.boolean().default(false),
  sample: SampleAsked.optional(),
};
const Name = Line.max(100);

/** Of notifications, by id: who is sent each run that is made, and told of one that fails. */
const Destinations = z.array(z.uuid()).max(20).refine(isDistinct, TWICE);

/** What of a definition does not go with the rest of it; null when all of it does. */
export function unfitPart(definition: {
  kind: ReportKind;
  scope: ReportScope;
  period: DefinitionPeriod;
  incident?: IncidentSubject | undefined;
  framework?: FrameworkId | undefined;
  sample?: z.output<typeof SampleAsked> | null | undefined;
  schedule: Schedule | null;
}): { path: string; message: string } | null {
  const isIncident = definition.kind === 'incident';
  if (isIncident !== (definition.incident !== undefined))
    return {
      path: 'incident',
      message: isIncident ? 'must name a case or findings' : 'is of an incident report alone',
    };
  if (isIncident !== (definition.period.of === 'findings'))
    return { path: 'period', message: `must ${isIncident ? '' : 'not '}be that of findings` };
  if (isIncident && definition.scope.chains.length + definition.scope.agents.length > 0)
    return { path: 'scope', message: 'must be none of an incident report, which is of the records of its findings' };
  if (isIncident && definition.sample) return { path: 'sample', message: 'must be none of an incident report' };
  const isOfControls = definition.kind === 'controls';
  if (isOfControls !== (definition.framework !== undefined))
    return { path: 'framework', message: isOfControls ? 'must name a framework' : 'is of control evidence alone' };
  if (isOfControls && definition.scope.chains.length + definition.scope.agents.length > 0)
    return { path: 'scope', message: 'must be none of control evidence, which is of every record' };
  if (isIncident && definition.schedule) return { path: 'schedule', message: 'must be none of an incident report' };
  if (definition.schedule && definition.period.of === 'days')
    return { path: 'schedule', message: 'must be none where the period is from one day to another' };
  if (definition.kind === 'integrity' && definition.scope.agents.length > 0)
    return { path: 'scope.agents', message: 'must be none of an integrity report, which is of whole chains' };
  return null;
}

export const NewReportDefinition = z
  .strictObject({
    name: Name,
    ...Content,
    /** When it is run by itself; null where it is run by hand alone. */
    schedule: Schedule.nullable().default(null),
    destinationIds: Destinations.default([]),
  })
  .superRefine((definition, check) => {
    const unfit = unfitPart(definition);
    if (unfit) check.addIssue({ code: 'custom', message: unfit.message, path: unfit.path.split('.') });
  });
export type NewReportDefinition = z.output<typeof NewReportDefinition>;

/** A report that is made once, of a definition that is saved nowhere; it is called by its kind where it has no name. */
export const ReportOnce = z.strictObject({ name: Name.optional(), ...Content }).superRefine((definition, check) => {
  const unfit = unfitPart({ ...definition, schedule: null });
  if (unfit) check.addIssue({ code: 'custom', message: unfit.message, path: unfit.path.split('.') });
});
export type ReportOnce = z.output<typeof ReportOnce>;
/** What is left out stays. */
export const ReportDefinitionChange = z.strictObject({
  name: Name.optional(),
  kind: Content.kind.unwrap().optional(),
  scope: Content.scope.unwrap().optional(),
  period: Content.period.optional(),
  incident: Content.incident,
  framework: Content.framework,
  timeZone: TimeZone.optional(),
  sections: Content.sections.unwrap().optional(),
  bom: z.boolean().optional(),
  /** Null takes it away. */
  sample: SampleAsked.nullable().optional(),
  schedule: Schedule.nullable().optional(),
  destinationIds: Destinations.optional(),
  /** A schedule that is paused runs nothing, and goes on with what is due after it is not. */
  isPaused: z.boolean().optional(),
});
export type ReportDefinitionChange = z.output<typeof ReportDefinitionChange>;

/** A definition as a run keeps it: `sha256` is over its JSON with sorted members (RFC 8785). */
export const DefinitionAsRun = z.object({
  /** Null of one that is saved nowhere. */
  id: z.uuid().nullable(),
  name: z.string(),
  kind: ReportKind,
  scope: z.object({ chains: z.array(z.string()), agents: z.array(z.string()) }),
  period: DefinitionPeriod,
  incident: IncidentSubject.optional(),
  framework: FrameworkId.optional(),
  timeZone: z.string(),
  sections: z.array(ReportSection),
  bom: z.boolean(),
  sample: SampleAsked.optional(),
});
export type DefinitionAsRun = z.infer<typeof DefinitionAsRun>;

export const ReportDefinition = DefinitionAsRun.extend({
  id: z.uuid(),
  sha256: Sha256,
  schedule: Schedule.nullable(),
  isPaused: z.boolean(),
  /** Null without a schedule, and while it is paused. */
  nextRunAt: Instant.nullable(),
  /** Of notifications, by id: who is sent each run that is made, and told of one that fails. */
  destinationIds: z.array(z.uuid()),
  createdBy: z.string(),
  createdAt: Instant,
  updatedAt: Instant,
  /** The newest run of it; null before the first. */
  lastRun: z
    .object({ id: z.uuid(), state: z.enum(['waiting', 'done', 'failed', 'cancelled']), requestedAt: Instant })
    .nullable(),
});
export type ReportDefinition = z.infer<typeof ReportDefinition>;
export const ReportDefinitionPage = page(ReportDefinition);
export const ReportDefinitionsQuery = PageQuery;
export const ReportDefinitionParams = z.object({ definitionId: z.uuid() });
