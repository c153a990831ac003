import * as z from 'zod';
import { Instant, Level, PageQuery, page, someOf, sortBy } from './common';
import { Finding } from './findings';
import { Assignee, FindingStatus, WrittenText } from './triage';

/** Findings of a case at most. */
export const MOST_CASE_FINDINGS = 1_000;

const Title = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), { message: 'must be one line of text' })
  .meta({ json: { type: 'string', minLength: 1, maxLength: 200 } });

/** Findings of one story under a title. */
export const Case = z.object({
  id: z.uuid(),
  title: z.string(),
  status: FindingStatus,
  owner: Assignee.nullable(),
  createdBy: z.string(),
  createdAt: Instant,
  updatedAt: Instant,
  /** How many findings it has, the worst level of them, and the time they span; null of none. */
  findings: z.number().int(),
  level: Level.nullable(),
  from: Instant.nullable(),
  to: Instant.nullable(),
});
export type Case = z.infer<typeof Case>;
export const CasePage = page(Case);

const fromTo = <T extends z.ZodType>(value: T) => z.object({ from: value, to: value });
/** Something a person did about a case; rows of it are only ever added. */
export const CaseAct = z.object({
  id: z.uuid(),
  at: Instant,
  by: z.object({ kind: z.enum(['person', 'token', 'system']), name: z.string() }),
  changes: z.object({
    title: fromTo(z.string()).optional(),
    status: fromTo(FindingStatus).optional(),
    owner: fromTo(Assignee.nullable()).optional(),
    /** Ids of findings. */
    added: z.array(z.uuid()).optional(),
    removed: z.array(z.uuid()).optional(),
  }),
  note: z.string().nullable(),
});
export type CaseAct = z.infer<typeof CaseAct>;
export type CaseChanges = CaseAct['changes'];

export const CaseDetail = Case.extend({
  /** Its findings in the order of time, also those that the records as they stand no longer give; 1,000 at most. */
  timeline: z.array(Finding.extend({ supersededAt: Instant.nullable() })),
  /** What was done about it, the oldest first; the newest 500. */
  history: z.array(CaseAct),
});
export type CaseDetail = z.infer<typeof CaseDetail>;

const FindingIds = z.array(z.uuid()).max(500);
export const CaseSort = sortBy(['created', 'title', 'status', 'owner', 'findings', 'level', 'seen', 'changed']);
export type CaseSort = z.infer<typeof CaseSort>;
export const CasesQuery = PageQuery.extend({
  status: someOf(FindingStatus.options).optional(),
  /** Newest first, unless another is asked for. */
  sort: CaseSort.optional(),
});
export const CasesFileQuery = CasesQuery.omit({ cursor: true, limit: true });
export const NewCase = z.object({ title: Title, findingIds: FindingIds.default([]), note: WrittenText.optional() });
export type NewCase = z.output<typeof NewCase>;
/** What is not named stays as it is. */
export const CaseChange = z
  .object({
    title: Title.optional(),
    status: FindingStatus.optional(),
    /** Null for nobody. */
    ownerId: z.string().min(1).max(100).nullable().optional(),
    note: WrittenText.optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    message: 'name a title, a status, an ownerId or a note',
  });
export type CaseChange = z.output<typeof CaseChange>;
export const CaseFindings = z.object({ add: FindingIds.default([]), remove: FindingIds.default([]) });
export type CaseFindings = z.output<typeof CaseFindings>;
export const CaseParams = z.object({ caseId: z.uuid() });
