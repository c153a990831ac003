import * as z from 'zod';
import { FINDING_STATUSES, VERDICT_IDS, type FindingVerdict as Verdict } from '../core/findings/finding';
import { Instant } from './common';

/** What becomes of a finding, as OCSF's Incident Finding has it: `new` until somebody looks at it, `resolved` and `closed` when it is decided. */
export const FindingStatus = z.enum(FINDING_STATUSES);
export type FindingStatus = z.infer<typeof FindingStatus>;
/** What asks for a verdict. */
const DECIDED: readonly FindingStatus[] = ['resolved', 'closed'];
export const isDecided = (status: FindingStatus): boolean => DECIDED.includes(status);

/** What a finding was found to be: the `verdict_id` of OCSF's Incident Finding (class 2005). */
export const FindingVerdict = z.enum(Object.keys(VERDICT_IDS) as [Verdict, ...Verdict[]]); // its own keys
export type FindingVerdict = z.infer<typeof FindingVerdict>;

/** A person of this installation; by the id where the name is not known. */
export const Assignee = z.object({ id: z.string(), name: z.string() });
export type Assignee = z.infer<typeof Assignee>;

/** What a person writes: text, at most 4,000 characters. */
export const WrittenText = z
  .string()
  .trim()
  .min(1)
  .max(4_000)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), { message: 'must be text without NUL' })
  .meta({ json: { type: 'string', minLength: 1, maxLength: 4_000 } });
export const FindingComment = z.object({ text: WrittenText });

/** What is not named stays as it is. Taking up what nobody has (`in_progress`) gives it to who does; what is decided no longer has no verdict any more. */
export const FindingChange = z
  .object({
    status: FindingStatus.optional(),
    verdict: FindingVerdict.nullable().optional(),
    /** Null for nobody. */
    assigneeId: z.string().min(1).max(100).nullable().optional(),
    /** Kept in the history of the finding. */
    reason: WrittenText.optional(),
  })
  .refine(({ status, verdict, assigneeId }) => [status, verdict, assigneeId].some((value) => value !== undefined), {
    message: 'name a status, a verdict or an assigneeId to change',
  })
  .refine(({ status, verdict }) => !status || !isDecided(status) || !!verdict, {
    message: 'is asked for when a finding is resolved or closed',
    path: ['verdict'],
  });
export type FindingChange = z.infer<typeof FindingChange>;

/** How many findings a change of several was asked for, and of how many it changed something. */
export const FindingsChanged = z.object({
  matched: z.number().int(),
  changed: z.number().int(),
  /** They were so already. */
  unchanged: z.number().int(),
  /** Ids that no finding has. */
  unknown: z.array(z.uuid()),
  /** What the change is undone by, for an hour; null where nothing was changed. */
  changeId: z.uuid().nullable(),
});
export type FindingsChanged = z.infer<typeof FindingsChanged>;

/** Of how many findings a change changed something, and how many of them are what they were before: nobody had changed them since. */
export const ChangeUndone = z.object({ changed: z.number().int(), restored: z.number().int() });
export type ChangeUndone = z.infer<typeof ChangeUndone>;

const from = <T extends z.ZodType>(value: T) => z.object({ from: value, to: value });
/** Something a person did about a finding; rows of it are only ever added. */
export const FindingAct = z.object({
  id: z.uuid(),
  at: Instant,
  by: z.object({ kind: z.enum(['person', 'token', 'system']), name: z.string() }),
  changes: z.object({
    status: from(FindingStatus).optional(),
    verdict: from(FindingVerdict.nullable()).optional(),
    assignee: from(Assignee.nullable()).optional(),
  }),
  /** Records in evidence then: the finding may have grown since. Null where that was not noted. */
  recordCount: z.number().int().nullable(),
  /** A comment, or the reason of the change. */
  comment: z.string().nullable(),
  /** Whether it undid a change of several findings. */
  isUndo: z.boolean(),
});
export type FindingAct = z.infer<typeof FindingAct>;
export type FindingChanges = FindingAct['changes'];

/** Earlier findings of the same rule and group. */
export const SeenBefore = z.object({
  total: z.number().int(),
  /** How many of them were found to be what. */
  verdicts: z.partialRecord(FindingVerdict, z.number().int()),
  /** The newest. */
  items: z.array(
    z.object({ id: z.uuid(), windowFrom: Instant, status: FindingStatus, verdict: FindingVerdict.nullable() }),
  ),
});
export type SeenBefore = z.infer<typeof SeenBefore>;

/** Seconds since findings were found; null over none. */
const Times = z.object({
  /** Findings it is over. */
  findings: z.number().int(),
  meanSeconds: z.number().nullable(),
  medianSeconds: z.number().nullable(),
});
/** How long findings that were found in a period waited: until somebody took them up first, and until they were resolved or closed and stayed so. */
export const TriageTimes = z.object({
  found: z.number().int(),
  acknowledged: Times,
  decided: Times,
});
export type TriageTimes = z.infer<typeof TriageTimes>;
