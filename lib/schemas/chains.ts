import * as z from 'zod';
import { PROBLEM_CODES } from '../core/chain/problem';
import { EventFields } from './event-fields';
import { FindingStatus } from './triage';
import { SidecarFact } from './sidecars';
import { TailAlarm } from './tail-alarms';
import { ReSerialised } from './re-serialising-shippers';
import {
  AFTER_FROM,
  RequestedInstant,
  RequestedText,
  ChainVerdict,
  Decision,
  FormatId,
  Instant,
  PageQuery,
  Period,
  ProblemCounts,
  Sha256,
  isInOrder,
  page,
  someOf,
  sortBy,
  Level,
} from './common';

export const ChainName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(200, 'must be at most 200 characters: rename the file, or give the chain a shorter name')
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f-\u009f]+$/, 'must not hold control characters')
  // They make a name read as another one.
  .regex(
    /^[^\u2028-\u202e\u2066-\u2069]+$/u,
    'must not hold characters that turn the direction of text, or break lines',
  );

export const Problem = z.object({
  code: z.enum(PROBLEM_CODES),
  severity: z.enum(['error', 'warning']),
  /** 0-based ordinal in the chain. */
  record: z.number().int(),
  /** 1-based physical line in the chain. */
  line: z.number().int(),
  /** Bytes from the start of the chain to the first byte of the line. */
  byteOffset: z.number().int(),
  byteLength: z.number().int(),
  expected: z.string().nullable(),
  found: z.string().nullable(),
  message: z.string(),
});
export type Problem = z.infer<typeof Problem>;

/** How far the stages have come, in records; equal to `records` when done. */
const Progress = z.object({ verified: z.number().int(), loaded: z.number().int() });

/** What was appended and is not a closed segment yet: durable and checked, without a digest of its own. */
export const Tail = z.object({
  openedAt: Instant,
  appendedAt: Instant,
  appendedBy: z.string(),
  bytes: z.number().int(),
  records: z.number().int(),
  /** Bytes at the end that wait for their newline. */
  pendingBytes: z.number().int(),
  /** Bytes the sender has still to send; null when it did not say. */
  lagBytes: z.number().int().nullable(),
});
export type Tail = z.infer<typeof Tail>;

export const Chain = z.object({
  id: z.uuid(),
  name: z.string(),
  format: FormatId,
  verdict: ChainVerdict,
  /** The verdict in a sentence a person understands. */
  sentence: z.string(),
  records: z.number().int(),
  bytes: z.number().int(),
  /** Hash of the last chained record. */
  head: z.string().nullable(),
  problemCounts: ProblemCounts,
  firstRecordedAt: Instant.nullable(),
  lastRecordedAt: Instant.nullable(),
  verifiedAt: Instant.nullable(),
  createdAt: Instant,
  updatedAt: Instant,
  segments: z.number().int(),
  /** Records under a signed attestation of the chain as it stands. */
  attestedRecords: z.number().int(),
  findings: z.number().int(),
  progress: Progress,
  /** What the tool's own verifier would say of these bytes, in its words; null while that is worked out, and where there is no such verifier. */
  referenceVerifier: z
    .object({
      verdict: z.enum(['ok', 'failed', 'corrupt', 'partial', 'unchained', 'crash', 'not-followed']),
      line: z.number().int().nullable(),
      message: z.string(),
    })
    .nullable(),
  /** The open segment of a chain that grows by appends; null when nothing is open. */
  tail: Tail.nullable(),
  /** When the chain was sealed: it accepts no more records. */
  sealedAt: Instant.nullable(),
  sealedBy: z.string().nullable(),
  /** Whether its records were deleted after its retention had ended: its tombstone says what they were. */
  deleted: z.boolean(),
  /** What is wrong with the bytes stored of it, in a sentence; null when they are what was received, as far as they were read since. */
  damage: z.string().nullable(),
  /** Why a stage could not do its work, when it could not. */
  failure: z.string().nullable(),
  /** Whether that stage failed so often that it needs attention. */
  stuck: z.boolean(),
});
export type Chain = z.infer<typeof Chain>;

/** Another chain that begins with the same chained record, and how it relates to this one. */
export const SameLog = z.object({
  chainId: z.uuid(),
  name: z.string(),
  relation: z.enum(['identical', 'longer', 'shorter', 'diverged']),
  records: z.number().int(),
});
export type SameLog = z.infer<typeof SameLog>;

/** A gap in time before `record`: the times are those of the record before it and its own. */
const TimeGap = z.object({ record: z.number().int(), from: Instant, to: Instant, seconds: z.number() });

/** Where time goes back by a second or more, and the largest of these, at most 20. */
const TimeSteps = z.object({ count: z.number().int(), largest: z.array(TimeGap) });
/** Records that state no time that can be read, and the ordinal of the first. */
const Untimed = z.object({ count: z.number().int(), first: z.number().int().nullable() });

/** What was found of the log as a whole. */
export const LogSummary = z.object({
  /** First and last stated time, both included. */
  range: Period.nullable(),
  /** `valid`: those whose hash covers their content. */
  records: z.object({ valid: z.number().int(), total: z.number().int() }),
  /**
   * The longest gaps in time between consecutive records, of an hour and more, longest first, at most 20. Null while the verdict is pending.
   */
  gaps: z.array(TimeGap).nullable(),
  timeSteps: TimeSteps.nullable(),
  untimed: Untimed.nullable(),
  sentence: z.string(),
});
export type LogSummary = z.infer<typeof LogSummary>;

const OpenRange = z.object({ from: Instant.nullable(), to: Instant.nullable() });
/** Half-open; each end may be left open. */
export const SummaryQuery = z
  .object({ from: RequestedInstant.optional(), to: RequestedInstant.optional() })
  .refine(({ from, to }) => from === undefined || to === undefined || isInOrder({ from, to }), AFTER_FROM);
/** A chain by the times its records state, in the manner of CloudTrail's validation report. */
export const ChainSummary = z.object({
  /** Of the chain; null when no record of it lies in the requested range. */
  verdict: ChainVerdict.nullable(),
  /** Null when the whole chain was requested. */
  asked: OpenRange.nullable(),
  /** First and last stated time in the range, both included; null when no record states one. */
  found: Period.nullable(),
  /** Parts of the requested range before the first and after the last record of the chain. */
  uncovered: z.array(Period),
  /** `valid`: those whose hash covers their content. Records that state no time are in no range. */
  records: z.object({ valid: z.number().int(), total: z.number().int() }),
  /** Gaps in time of an hour and more that reach into the range, of the chain's 20 longest, in file order. */
  gaps: z.array(TimeGap),
  /** Of the whole chain. */
  timeSteps: TimeSteps,
  untimed: Untimed,
  /** Problems at records in the range; those past its last record count where that lies. */
  problemCounts: ProblemCounts,
  /** The first 100 of them in file order. */
  problems: z.array(Problem),
  /** The same in lines of text, the first two as CloudTrail words them. */
  lines: z.array(z.string()),
});
export type ChainSummary = z.infer<typeof ChainSummary>;

/** What a chain can wait for, in the order it is done. */
export const WaitingStage = z.enum(['check', 'load', 'detect', 'attest']);
export type WaitingStage = z.infer<typeof WaitingStage>;

/** A chain with its problems, the first 500 in file order; the rest by `/chains/{id}/problems`. */
export const ChainDetail = Chain.extend({
  problems: z.array(Problem),
  problemsTotal: z.number().int(),
  summary: LogSummary,
  /** What the sidecar files of the log, and the signatures of its records, prove or disprove; empty while the verdict is pending. */
  checkedSidecars: z.array(SidecarFact),
  /** What forwarders saw happen to the log, newest first, at most 20. */
  alarms: z.array(TailAlarm),
  /** Log shippers that re-serialised records on their way here, most records first. */
  reSerialised: z.array(ReSerialised),
  /** The same log under other names, at most 20; known once the records are loaded. */
  sameLog: z.array(SameLog),
  /** While it waits for a stage: which, how many chains do, which of them it is, from 1 on, and in how many seconds it is reached at the pace of the last two minutes; null when none was. */
  queue: z
    .object({
      stage: WaitingStage,
      chains: z.number().int(),
      place: z.number().int(),
      seconds: z.number().int().nullable(),
    })
    .nullable(),
  /** Whether it can be signed: `open` while nothing of it is closed, `working` while a stage is at work on it, `damaged` while stored bytes of it are. */
  signable: z.enum(['now', 'open', 'working', 'damaged']),
});
export type ChainDetail = z.infer<typeof ChainDetail>;

export const Segment = z.object({
  index: z.number().int(),
  digest: Sha256,
  verdict: ChainVerdict,
  bytes: z.number().int(),
  /** Bytes from the start of the chain. */
  byteOffset: z.number().int(),
  records: z.number().int(),
  /** Ordinal of the first record. */
  firstRecord: z.number().int(),
  firstHash: z.string().nullable(),
  lastHash: z.string().nullable(),
  firstRecordedAt: Instant.nullable(),
  lastRecordedAt: Instant.nullable(),
  problems: z.number().int(),
  /** Newest attestation that covers it. */
  attestationId: z.uuid().nullable(),
});
export type Segment = z.infer<typeof Segment>;

/** A head we accepted: our witness of the chain at that moment. */
export const Head = z.object({
  hash: z.string(),
  records: z.number().int(),
  bytes: z.number().int(),
  observedAt: Instant,
  uploadId: z.uuid().nullable(),
  /** The first record that was another one than before when its upload came, when that forked or rewrote. */
  forkedAt: z.number().int().nullable(),
  /** How the chain as it stands relates to it. */
  state: z.enum(['current', 'extended', 'missing', 'forked', 'rewritten']),
  /** The first record that is another one now than then, when it is forked or rewritten. */
  differsFrom: z.number().int().nullable(),
});
export type Head = z.infer<typeof Head>;

export const HeadSort = sortBy(['seen', 'records', 'size']);
export type HeadSort = z.infer<typeof HeadSort>;
export const HeadsQuery = PageQuery.extend({
  /** `-seen` where it is left out. */
  sort: HeadSort.optional(),
});

/** A record as the lake has it. */
export const ChainRecord = z.object({
  chainId: z.uuid(),
  ordinal: z.number().int(),
  line: z.number().int(),
  byteOffset: z.number().int(),
  byteLength: z.number().int(),
  format: FormatId,
  ...EventFields.shape,
  hash: z.string(),
  /** `ok`, or the code of the worst problem at this record; `damaged` of one that held, whose segment is no longer what was stored. */
  integrity: z.enum(['ok', 'damaged', ...PROBLEM_CODES]),
});
export type ChainRecord = z.infer<typeof ChainRecord>;

/** One record with its raw bytes from evidence, and what was claimed and computed. */
export const RecordDetail = ChainRecord.extend({
  /** Null while the segment is open: it has no digest yet. */
  segmentDigest: Sha256.nullable(),
  /** The line as stored, decoded as UTF-8; invalid bytes show as U+FFFD. Cut at 1 MiB. */
  raw: z.string(),
  prevHash: z.string().nullable(),
  computedHash: z.string().nullable(),
  problems: z.array(Problem),
  /** The newest attestation by whose head the record can be proven. */
  attested: z.object({ id: z.uuid(), at: Instant, treeSize: z.number().int() }).nullable(),
  /** Findings that name it among the first 1,000 records they list of its chain, newest first, 50 at most. */
  findings: z.array(z.object({ id: z.uuid(), title: z.string(), level: Level, status: FindingStatus })),
});
export type RecordDetail = z.infer<typeof RecordDetail>;

export const ChainSort = sortBy(['created', 'name', 'verdict', 'records', 'size', 'signed', 'findings', 'last-record']);
export type ChainSort = z.infer<typeof ChainSort>;
export const ChainsQuery = PageQuery.extend({
  q: RequestedText.optional(),
  verdict: someOf(ChainVerdict.options).optional(),
  format: someOf(FormatId.options).optional(),
  /** Those that wait for a stage: to be checked, made searchable, searched by rules, or signed. */
  waiting: someOf(WaitingStage.options).optional(),
  /** `-created`, when it was first sent, where it is left out; `verdict` has the worst first, `signed` is by the share of its records, `last-record` by what the newest record states. */
  sort: ChainSort.optional(),
});
export const RecordsQuery = PageQuery.extend({
  /** First ordinal wanted. */
  from: z.coerce.number().int().min(0).default(0),
  decision: someOf(Decision.options).optional(),
  q: RequestedText.optional(),
  /** Only records with a problem. */
  broken: z.stringbool().optional(),
});
export const ChainPage = page(Chain);
export const SegmentPage = page(Segment);
export const ProblemPage = page(Problem);
export const RecordPage = page(ChainRecord);
export const HeadPage = page(Head);
