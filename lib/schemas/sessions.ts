import * as z from 'zod';
import { ChainRecord } from './chains';
import { ChainVerdict, FormatId, Instant, Level, Period, someOf } from './common';
import { FindingStatus } from './triage';
import { DecisionCounts } from './reports';
import { MAX_SESSION_ID } from './session-address';

/** Of an id that was read from an address. */
const SessionId = z
  .string()
  .min(1)
  .max(MAX_SESSION_ID + 1)
  .refine((id) => id.isWellFormed() && !id.includes('\0'), { message: 'must be text without NUL' })
  .transform((segment) => (segment.startsWith('~') ? segment.slice(1) : segment))
  .meta({ json: { type: 'string', minLength: 1 } });
export const SessionParams = z.object({ sessionId: SessionId });

const Only = someOf(['denied', 'redacted']);
export const SessionQuery = z.object({
  /** Only records of this chain. */
  chain: z.uuid().optional(),
});
const LineQuery = SessionQuery.extend({
  /** Only steps that stand out: those refused, those in which secrets were redacted. */
  only: Only.default([]),
});
export const SessionGroupsQuery = LineQuery.extend({
  /** By turn, where there are any and nothing else is asked for. */
  by: z.enum(['turn', 'minute']).optional(),
});
const Count = z.number().int();
const StepPlace = z
  .string()
  .regex(/^[0-9a-f-]{36}:\d{1,15}$/)
  .transform((text, check) => {
    const [chainId = '', ordinal = ''] = text.split(':');
    const place = z
      .object({ chainId: z.uuid(), ordinal: z.int().min(0) })
      .safeParse({ chainId, ordinal: Number(ordinal) });
    if (!place.success)
      check.addIssue({ code: 'custom', message: 'must be the id of a chain, a colon, and an ordinal' });
    return place.data ?? z.NEVER;
  })
  .meta({ json: { type: 'string', pattern: '^[0-9a-f-]{36}:[0-9]{1,15}$' } });
export const SessionStepsQuery = LineQuery.extend({
  /** Begins at this step, or at the first one behind it: `chain:ordinal`. In place of `cursor`. */
  step: StepPlace.optional(),
  cursor: z.string().max(512).optional(),
  /** Steps left out before the first one. */
  skip: z.coerce.number().int().min(0).max(10_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

const Figures = z.object({
  records: Count,
  counts: DecisionCounts,
  /** Secrets that were taken out, and the records they were in. */
  secretsRedacted: Count,
  redacted: Count,
  inputTokens: Count,
  outputTokens: Count,
  costUsd: z.number(),
});

const SessionChain = Figures.extend({
  chainId: z.uuid(),
  name: z.string(),
  format: FormatId,
  verdict: ChainVerdict,
  /** Ordinals of its first and last record in the chain. */
  first: Count,
  last: Count,
  /** How many of its records name the id as their session; the others as their run alone. */
  asSession: Count,
  /** Records that state no time. */
  untimed: Count,
  span: Period.nullable(),
  /** Its last record lies in the open segment: more may come. */
  isOpen: z.boolean(),
  /** The newest attestation of the chain that stands, and how many of the records here it covers; null when none covers any. */
  attested: z.object({ id: z.uuid(), at: Instant, records: Count }).nullable(),
});

const SessionList = z.object({
  field: z.enum(['agent', 'tool', 'model', 'host', 'session', 'run']),
  values: z.array(z.object({ value: z.string(), records: Count, denied: Count })),
  /** How many more different values there are. */
  more: Count,
});

const SessionFile = z.object({
  path: z.string(),
  records: Count,
  read: Count,
  written: Count,
  /** Records of which neither is known. */
  other: Count,
  denied: Count,
});

const SessionPolicy = z.object({
  policy: z.string(),
  digest: z.string(),
  chainId: z.uuid(),
  /** The record that states it first. */
  ordinal: Count,
  from: Instant.nullable(),
  /** Records of the session that state it; 0 of one the chain states apart from sessions. */
  records: Count,
});

const GitAt = z.object({
  chainId: z.uuid(),
  ordinal: Count,
  /** Null when the stored bytes of the record are not what was received. */
  state: z
    .object({
      isRepo: z.boolean(),
      head: z.string().nullable(),
      branch: z.string().nullable(),
      dirty: z.boolean(),
      changedFiles: z.array(z.string()),
      untrackedFiles: z.array(z.string()),
    })
    .nullable(),
});

const SessionFinding = z.object({
  id: z.uuid(),
  title: z.string(),
  level: Level,
  status: FindingStatus,
  /** Records of the session that it cites, in the order of the line, at most 100. */
  records: z.array(z.object({ chainId: z.uuid(), ordinal: Count, at: Instant.nullable() })),
});

const SessionStep = Figures.omit({ records: true, counts: true, redacted: true }).extend({ at: Instant });

/** What one run of an agent did, as far as figures say it: every record that names the id as its session, or as its run. */
export const Session = Figures.extend({
  id: z.string(),
  /** First and last time its records state; null when none states one that can be believed. */
  span: Period.nullable(),
  untimed: Count,
  /** The chains its records are in, those that began first first; at most 100. */
  chains: z.array(SessionChain),
  moreChains: z.boolean(),
  /** Values of fields, those of most records first. */
  lists: z.array(SessionList),
  files: z.object({ items: z.array(SessionFile), more: Count }),
  /** Policies in force, in the order in which they began. */
  policies: z.array(SessionPolicy),
  /** Steps a clock has, at most 120 or so; empty ones are there. */
  stepSeconds: Count,
  overTime: z.array(SessionStep.extend({ counts: DecisionCounts })),
  /** The repository at the first and the last record of each chain that states it. */
  git: z.array(GitAt),
  /** What rules found that cites its records, the worst first; at most 100. */
  findings: z.array(SessionFinding),
  moreFindings: z.boolean(),
});
export type Session = z.infer<typeof Session>;

/** Steps of a session by turn; or a minute at a time, or longer where those would be too many. */
export const SessionGroups = z.object({
  /** Null where they are by turn. */
  groupSeconds: Count.nullable(),
  /** They can be had by turn: the format states them, the session is in one chain, and they are no more than a thousand. */
  hasTurns: z.boolean(),
  /** Steps of all groups. */
  total: Count,
  groups: z.array(
    Figures.extend({
      /** From 1; null where they are not by turn. One in which nothing was recorded for long is several groups. */
      turn: Count.nullable(),
      /** Leads to its first step. */
      cursor: z.string(),
      /** When its first and last step were taken; null of a chain that states no times. */
      from: Instant.nullable(),
      to: Instant.nullable(),
      /** Steps whose clock went back behind that of one before them, and those that state no time. */
      backwards: Count,
      untimed: Count,
      /** How long nothing was recorded before it, where that is long. */
      gapSeconds: z.number().nullable(),
    }),
  ),
});
export type SessionGroups = z.infer<typeof SessionGroups>;

const Step = ChainRecord.omit({ extra: true }).extend({
  /** Its time in the line: the latest its chain has stated up to it. Null where the chain states none. */
  at: Instant.nullable(),
});
export const SessionSteps = z.object({
  items: z.array(Step),
  nextCursor: z.string().nullable(),
  /** How many steps are before the first one; only where `step` was asked for. */
  before: Count.nullable(),
});
export type SessionSteps = z.infer<typeof SessionSteps>;
