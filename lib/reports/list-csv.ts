import 'server-only';
import type { Readable } from 'node:stream';
import type { Context } from '../context';
import { findingsOf } from '../detect/query/findings';
import { listRuns } from '../detect/query/runs';
import type { ActivityLine } from '../schemas/activity';
import type { Attestation } from '../schemas/attestations';
import type { Chain, ChainRecord, Head, Problem, Segment } from '../schemas/chains';
import type { Page } from '../schemas/common';
import type { Finding, FindingDetail } from '../schemas/findings';
import { groupText } from '../schemas/group-words';
import type { RuleRun } from '../schemas/rules';
import type { ChainTable, ListQueries } from '../schemas/list-csv';
import type { Sidecar } from '../schemas/sidecars';
import type { Upload } from '../schemas/uploads';
import { listChains, nameOfChain } from '../chains/chains';
import { type CsvCell, type CsvRow, csvStream } from './csv-stream';
import { measuredCells } from './measured-cells';
import { listHeads } from '../chains/heads';
import { listProblems } from '../chains/problems';
import { listRecords } from '../chains/records';
import { listSegments } from '../chains/segments';
import { listSidecars } from '../chains/sidecars';
import { listUploads } from '../chains/uploads';

/** Rows read at a time: what a page of each list costs differs. */
const PAGE = 500;
const RECORDS_PAGE = 10_000;

export type ListCsv = { name: string /** Rows it has, without the header. */; rows: number; stream: Readable };
type Options = { bom: boolean };
/** In their order. */
type Columns<T> = Record<string, (item: T) => CsvCell>;

const CHAIN: Columns<Chain> = {
  name: ({ name }) => name,
  format: ({ format }) => format,
  verdict: ({ verdict }) => verdict,
  records: ({ records }) => records,
  bytes: ({ bytes }) => bytes,
  segments: ({ segments }) => segments,
  signedRecords: ({ attestedRecords }) => attestedRecords,
  findings: ({ findings }) => findings,
  firstRecordedAt: ({ firstRecordedAt }) => firstRecordedAt,
  lastRecordedAt: ({ lastRecordedAt }) => lastRecordedAt,
  head: ({ head }) => head,
  id: ({ id }) => id,
};
const FINDING: Columns<Finding> = {
  windowFrom: ({ windowFrom }) => windowFrom,
  windowTo: ({ windowTo }) => windowTo,
  level: ({ level }) => level,
  status: ({ status }) => status,
  verdict: ({ verdict }) => verdict,
  assignee: ({ assignee }) => assignee?.name,
  suppressedBy: ({ suppressedBy }) => suppressedBy?.title,
  suppressedUntil: ({ suppressedBy }) => suppressedBy?.expiresAt,
  evidence: ({ evidence }) => evidence,
  title: ({ title }) => title,
  ruleId: ({ ruleId }) => ruleId,
  ruleSha256: ({ ruleDigest }) => ruleDigest,
  group: ({ group }) => groupText(group),
  count: ({ measures }) => measuredCells(measures).count,
  threshold: ({ measures }) => measuredCells(measures).threshold,
  timespan: ({ measures }) => measuredCells(measures).timespan,
  records: ({ recordCount }) => recordCount,
  chains: ({ chains }) => chains.map(({ name }) => name).join(' '),
  foundAt: ({ foundAt }) => foundAt,
  acknowledgedAt: ({ acknowledgedAt }) => acknowledgedAt,
  decidedAt: ({ decidedAt }) => decidedAt,
  id: ({ id }) => id,
};
const ATTESTATION: Columns<Attestation> = {
  signedAt: ({ signedAt }) => signedAt,
  chain: ({ chain }) => chain,
  covers: ({ scope }) => scope.kind,
  verdict: ({ verdict }) => verdict,
  damaged: ({ damaged }) => (damaged ? 'yes' : 'no'),
  firstRecord: ({ records, firstRecord }) => (records === 0 ? null : firstRecord),
  lastRecord: ({ records, lastRecord }) => (records === 0 ? null : lastRecord),
  records: ({ records }) => records,
  signedBy: ({ keyHint, signedBy }) => keyHint ?? signedBy,
  bundleSha256: ({ bundleSha256 }) => bundleSha256,
  withdrawnAt: ({ withdrawn }) => withdrawn?.at,
  withdrawnReason: ({ withdrawn }) => withdrawn?.reason,
  supersededBy: ({ supersededBy }) => supersededBy,
  id: ({ id }) => id,
};
const ACTIVITY: Columns<ActivityLine> = {
  seq: ({ seq }) => seq,
  at: ({ at }) => at,
  actor: ({ actor }) => actor.name,
  actorKind: ({ actor }) => actor.kind,
  actorRole: ({ actor }) => actor.role,
  actorId: ({ actor }) => actor.id,
  action: ({ action }) => action,
  subjectType: ({ subject }) => subject.type,
  subjectId: ({ subject }) => subject.id,
  details: ({ details }) => JSON.stringify(details),
  hash: ({ hash }) => hash,
  record: ({ record }) => record,
};
const RECORD_FIELDS = [
  'ordinal',
  'line',
  'byteOffset',
  'byteLength',
  'recordedAt',
  'kind',
  'decision',
  'tool',
  'target',
  'reason',
  'policy',
  'agent',
  'sessionId',
  'runId',
  'secretsRedacted',
  'hash',
  'integrity',
] as const satisfies (keyof ChainRecord)[];
const RECORD: Columns<ChainRecord> = Object.fromEntries(
  RECORD_FIELDS.map((field) => [field, (record: ChainRecord) => record[field]]),
);
const PROBLEM_FIELDS = [
  'code',
  'severity',
  'record',
  'line',
  'byteOffset',
  'byteLength',
  'expected',
  'found',
  'message',
] as const satisfies (keyof Problem)[];
const PROBLEM: Columns<Problem> = Object.fromEntries(
  PROBLEM_FIELDS.map((field) => [field, (problem: Problem) => problem[field]]),
);
const SEGMENT: Columns<Segment> = {
  segment: ({ index }) => index + 1,
  verdict: ({ verdict }) => verdict,
  firstRecord: ({ firstRecord }) => firstRecord,
  records: ({ records }) => records,
  byteOffset: ({ byteOffset }) => byteOffset,
  bytes: ({ bytes }) => bytes,
  sha256: ({ digest }) => digest,
  problems: ({ problems }) => problems,
  attestationId: ({ attestationId }) => attestationId,
};
const HEAD_FIELDS = [
  'observedAt',
  'records',
  'bytes',
  'hash',
  'state',
  'differsFrom',
  'forkedAt',
] as const satisfies (keyof Head)[];
const HEAD: Columns<Head> = Object.fromEntries(HEAD_FIELDS.map((field) => [field, (head: Head) => head[field]]));
const UPLOAD: Columns<Upload> = {
  receivedAt: ({ receivedAt }) => receivedAt,
  receivedBy: ({ receivedBy }) => receivedBy,
  fileName: ({ fileName }) => fileName,
  relation: ({ relation }) => relation,
  forkedAt: ({ forkedAt }) => forkedAt,
  records: ({ records }) => records,
  bytes: ({ bytes }) => bytes,
  sha256: ({ sha256 }) => sha256,
  archive: ({ archive }) => archive?.fileName,
  archiveSha256: ({ archive }) => archive?.sha256,
  archivePaths: ({ archive }) => archive?.paths.join(' '),
};
const SIDECAR: Columns<Sidecar> = {
  file: ({ fileName }) => fileName,
  kind: ({ kind }) => kind,
  outcome: ({ fact }) => fact && (fact.holds === null ? 'proves nothing' : fact.holds ? 'holds' : 'does not hold'),
  message: ({ fact }) => fact?.message,
  sha256: ({ sha256 }) => sha256,
  bytes: ({ bytes }) => bytes,
  receivedAt: ({ receivedAt }) => receivedAt,
  receivedBy: ({ receivedBy }) => receivedBy,
  archiveSha256: ({ archiveSha256 }) => archiveSha256,
  setAsideBy: ({ setAside }) => setAside?.by,
  setAsideAt: ({ setAside }) => setAside?.at,
};

const RUN: Columns<RuleRun> = {
  firstAt: ({ firstAt }) => firstAt,
  at: ({ at }) => at,
  looks: ({ looks }) => looks,
  because: ({ because }) => because,
  windowFrom: ({ window }) => window?.from,
  windowTo: ({ window }) => window?.to,
  chains: ({ chains }) => chains,
  records: ({ records }) => records,
  ran: ({ ran }) => ran,
  unable: ({ unable }) => unable,
  failed: ({ failed }) => failed,
  none: ({ none }) => none,
  findings: ({ findings }) => findings,
  elapsedMs: ({ elapsedMs }) => elapsedMs,
  passMs: ({ passMs }) => passMs,
  ruleSha256: ({ digest }) => digest,
  id: ({ id }) => id,
};

/** Every chain that matches, newest first. */
export function chainsCsv(ctx: Context, query: ListQueries['chains'], options: Options): Promise<ListCsv> {
  return listCsv('chains', CHAIN, (cursor) => listChains(ctx, { ...query, cursor, limit: PAGE }), options);
}

/** Every finding that matches, newest window first. */
export function findingsCsv(ctx: Context, query: ListQueries['findings'], options: Options): Promise<ListCsv> {
  return listCsv(
    'findings',
    FINDING,
    (cursor) => findingsOf(ctx.db, { ...query, cursor, limit: PAGE, total: cursor === undefined ? 'exact' : 'none' }),
    options,
  );
}

/** Every attestation that a list has, which is read page after page. */
export function attestationsCsv(
  list: (page: { cursor?: string; limit: number }) => Promise<Page<Attestation>>,
  options: Options,
): Promise<ListCsv> {
  return listCsv('attestations', ATTESTATION, (cursor) => list({ cursor, limit: PAGE }), options);
}

/** Every action that a list has, which is read page after page. */
export function activityCsv(
  list: (page: { cursor?: string; limit: number }) => Promise<Page<ActivityLine>>,
  options: Options,
): Promise<ListCsv> {
  return listCsv('activity', ACTIVITY, (cursor) => list({ cursor, limit: PAGE }), options);
}

/** The records that are listed as proof of a finding. */
export function findingCsv({ id, chains, records }: FindingDetail, options: Options): Promise<ListCsv> {
  const names = new Map(chains.map((chain) => [chain.id, chain.name]));
  const proof: Columns<FindingDetail['records'][number]> = {
    recordedAt: ({ recordedAt }) => recordedAt,
    chain: ({ chainId }) => names.get(chainId) ?? chainId,
    ordinal: ({ ordinal }) => ordinal,
    segmentSha256: ({ segmentDigest }) => segmentDigest,
    byteOffset: ({ byteOffset }) => byteOffset,
    byteLength: ({ byteLength }) => byteLength,
    hash: ({ hash }) => hash,
  };
  return listCsv(
    `finding-${id}`,
    proof,
    async () => ({ items: records, nextCursor: null, total: records.length }),
    options,
  );
}

/** Every look of a rule, newest first. @throws AppError NOT_FOUND. */
export function ruleRunsCsv(ctx: Context, { ruleId }: { ruleId: string }, options: Options): Promise<ListCsv> {
  return listCsv(`rule-runs-${ruleId}`, RUN, (cursor) => listRuns(ctx, { ruleId, cursor, limit: PAGE }), options);
}

/** Every row of one of a chain's tables; records narrowed as their list is. @throws AppError NOT_FOUND. */
export async function chainTableCsv(
  ctx: Context,
  { chainId, table, query }: { chainId: string; table: ChainTable; query: ListQueries['records'] },
  options: Options,
): Promise<ListCsv> {
  const name = `${await nameOfChain(ctx, { chainId })}-${table}`;
  const at = (cursor: string | undefined) => ({ chainId, cursor, limit: PAGE });
  switch (table) {
    case 'records':
      return listCsv(
        name,
        RECORD,
        (cursor) => listRecords(ctx, { ...query, ...at(cursor), limit: RECORDS_PAGE }),
        options,
      );
    case 'problems':
      return listCsv(
        name,
        PROBLEM,
        (cursor) => listProblems(ctx, { ...at(cursor), withTotal: cursor === undefined }),
        options,
      );
    case 'segments':
      return listCsv(
        name,
        SEGMENT,
        (cursor) => listSegments(ctx, { ...at(cursor), withTotal: cursor === undefined }),
        options,
      );
    case 'heads':
      return listCsv(
        name,
        HEAD,
        (cursor) => listHeads(ctx, { ...at(cursor), withTotal: cursor === undefined }),
        options,
      );
    case 'uploads':
      return listCsv(name, UPLOAD, (cursor) => listUploads(ctx, at(cursor)), options);
    case 'sidecars':
      return listCsv(name, SIDECAR, (cursor) => listSidecars(ctx, at(cursor)), options);
  }
}

/** A list to its end, page after page. The first is read before anything is sent, so that what cannot be had is an answer of its own. */
async function listCsv<T>(
  name: string,
  columns: Columns<T>,
  read: (cursor?: string) => Promise<Page<T>>,
  { bom }: Options,
): Promise<ListCsv> {
  const first = await read();
  const toRow = (item: T): CsvRow =>
    Object.fromEntries(Object.entries(columns).map(([column, cell]) => [column, cell(item)]));
  async function* rows(): AsyncGenerator<CsvRow> {
    for (let page = first; ; page = await read(page.nextCursor)) {
      for (const item of page.items) yield toRow(item);
      if (page.nextCursor === null) return;
    }
  }
  return { name, rows: first.total ?? first.items.length, stream: csvStream(rows(), Object.keys(columns), { bom }) };
}
