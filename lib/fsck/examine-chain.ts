import 'server-only';
import type { Selectable } from 'kysely';
import type { Context } from '../context';
import type { SegmentCheck } from '../core/chain/check';
import { joinSegments } from '../core/chain/join';
import { liveVerdict } from '../core/chain/live-verdict';
import { mergeChecks } from '../core/chain/merge-checks';
import type { Problem } from '../core/chain/problem';
import { FORMATS, formatById } from '../core/formats';
import { segmentsOf } from '../db/chains';
import { contentAfter } from '../db/contents';
import type { ChainsTable } from '../db/schema';
import { tailBytes } from '../db/tails';
import { MAX_OPEN_LINKS, emptyCheck, grow } from '../ingest/append/state';
import { isSameContent } from '../ingest/classify-upload';
import { originalOf } from '../verify/server/follow-original';
import { deriveChain, isWitness } from '../verify/server/join-chain';
import { type Values, asText, compareRow, compareRows } from './compare';
import type { Reporter } from './drift';
import { unlessGone } from './gone';
import { examineUploads } from './examine-uploads';
import { problemValues } from './read-segment';

type Chain = Selectable<ChainsTable>;
type Joined = Awaited<ReturnType<typeof deriveChain>>['joined'];

/** Derives a chain anew, from evidence and from what is open, and holds what comes out against what is on record. */
export async function examineChain(ctx: Context, { id }: { id: string }, report: Reporter): Promise<void> {
  const chain = await ctx.db.selectFrom('chains').selectAll().where('id', '=', id).executeTakeFirst();
  if (!chain) return;
  if (!FORMATS.some(({ id: known }) => known === chain.format))
    return compareRow(
      report,
      { chain: chain.name, table: 'chains', row: chain.id },
      { format: 'a format known here' },
      chain,
    );
  const { checks, content } = await examineUploads(ctx, chain, report);
  const segments = await segmentsOf(ctx.db, chain.id);
  const inForce = segments.map(({ digest }) => checks.get(digest)?.check).filter((check) => check !== undefined);
  if (inForce.length !== segments.length) {
    for (const { digest, index } of segments)
      if (!checks.has(digest))
        report.drift({
          kind: 'row-unfounded',
          chain: chain.name,
          what: `chain_segments ${index}`,
          expected: 'a segment of an upload of the chain',
          found: digest,
          at: { table: 'chain_segments', row: `${chain.id} ${index}`, column: 'digest' },
        });
    return; // told with the objects
  }
  const listed = (pieces: readonly { digest: string }[]) => pieces.map(({ digest }) => digest);
  if (!isSameContent(content, segments))
    compareRow(
      report,
      { chain: chain.name, table: 'chain_segments', row: chain.id },
      { digest: listed(content) },
      { digest: listed(segments) },
    );
  const derived = await unlessGone(deriveChain(ctx, chain, segments, inForce));
  if (!derived) return;
  const { joined, segmentsInChain, artefacts, heads } = derived;
  let bytes = 0;
  for (const [index, segment] of segments.entries()) {
    const at = segmentsInChain[index];
    const upload = await ctx.db
      .selectFrom('upload_segments as s')
      .innerJoin('uploads as u', 'u.id', 's.upload_id')
      .where('u.chain_id', '=', chain.id)
      .where('s.digest', '=', segment.digest)
      .where('u.id', '=', segment.upload_id)
      .select('u.id')
      .executeTakeFirst();
    const expected = {
      index,
      upload_id: upload?.id ?? 'an upload that holds it',
      byte_offset: bytes,
      size_bytes: at?.check.sizeBytes,
      records: at?.check.records,
      first_record: at?.firstRecord,
      lines: at && at.check.lines - (at.check.openTail ? 1 : 0),
      first_line: at?.firstLine,
    };
    compareRow(
      report,
      { chain: chain.name, table: 'chain_segments', row: `${chain.id} ${segment.index}` },
      expected,
      segment,
    );
    if (segment.loaded_generation !== null && segment.loaded_generation > chain.generation)
      report.drift({
        kind: 'row-differs',
        chain: chain.name,
        what: `chain_segments.loaded_generation of ${segment.index}`,
        expected: `at most ${chain.generation}`,
        found: String(segment.loaded_generation),
        at: { table: 'chain_segments', row: `${chain.id} ${segment.index}`, column: 'loaded_generation' },
      });
    bytes += at?.check.sizeBytes ?? 0;
  }
  const problems = await ctx.db.selectFrom('joint_problems').selectAll().where('chain_id', '=', chain.id).execute();
  compareRows(
    report,
    { chain: chain.name, table: 'joint_problems' },
    new Map(joined.jointProblems.map((problem, n) => [`${chain.id} ${n}`, problemValues(problem)])),
    new Map(problems.map((problem) => [`${chain.id} ${problem.n}`, problem])),
  );
  const { figures: tail, openBytes } = await examineTail(ctx, chain, inForce, joined, report);
  report.examined.chains += 1;
  report.examined.records += tail?.records ?? joined.records;
  for (const column of ['verified_generation', 'loaded_generation', 'detected_generation'] as const) {
    if (chain[column] > chain.generation)
      report.drift({
        kind: 'row-differs',
        chain: chain.name,
        what: `chains.${column}`,
        expected: `at most ${chain.generation}`,
        found: String(chain[column]),
        at: { table: 'chains', row: chain.id, column },
      });
  }
  const figures = tail ?? {
    verdict: joined.verdict,
    problem_counts: joined.problemCounts,
    records: joined.records,
    head: joined.head,
    first_recorded_at: joined.firstRecordedAt,
    last_recorded_at: joined.lastRecordedAt,
  };
  const expected: Values = { ...figures, size_bytes: bytes + openBytes };
  // Of a chain of which nothing was closed yet, nothing was joined.
  if (segments.length > 0)
    Object.assign(expected, {
      time_gaps: joined.timeGaps,
      time_steps: joined.timeSteps,
      untimed: joined.untimed,
      artefacts,
    });
  if (segments.length > 0 && chain.original !== null) expected['original'] = await unlessGone(originalOf(ctx, chain));
  compareRow(report, { chain: chain.name, table: 'chains', row: chain.id }, expected, chain);
  await examineHeads(
    ctx,
    chain,
    {
      joined,
      heads,
      checks: new Map([...checks].flatMap(([digest, checked]) => (checked ? [[digest, checked.check] as const] : []))),
    },
    report,
  );
}

/** What was appended and is open, held against its rows; the chain's figures with it, null when nothing complete is open. */
async function examineTail(
  ctx: Context,
  chain: Chain,
  closed: readonly SegmentCheck[],
  joined: Joined,
  report: Reporter,
) {
  const tail = await ctx.db.selectFrom('tails').selectAll().where('chain_id', '=', chain.id).executeTakeFirst();
  if (!tail) return { figures: null, openBytes: 0 };
  const place = { chain: chain.name, table: 'tails', row: chain.id };
  const sum = (of: (check: SegmentCheck) => number) => closed.reduce((total, check) => total + of(check), 0);
  const format = formatById(chain.format);
  const closedBytes = sum(({ sizeBytes }) => sizeBytes);
  compareRow(
    report,
    place,
    {
      closed_bytes: closedBytes,
      closed_records: sum(({ records }) => records),
      closed_lines: sum(({ lines }) => lines),
    },
    tail,
  );
  const open = await unlessGone(tailBytes(ctx, chain.id, tail.closed_bytes));
  if (!open) {
    report.drift({
      kind: 'tail-differs',
      chain: chain.name,
      what: 'bytes of the open segment',
      expected: 'what was accepted',
      found: 'other bytes, or fewer',
      at: { table: 'tail_pieces', row: chain.id, column: 'bytes' },
    });
    return { figures: null, openBytes: tail.size_bytes - tail.closed_bytes };
  }
  if (tail.size_bytes > tail.closed_bytes && tail.seal_key !== ctx.seals.id)
    report.drift({
      kind: 'tail-differs',
      chain: chain.name,
      what: 'the seal of the open segment',
      expected: `one by key ${ctx.seals.id}`,
      found: tail.seal_key ?? 'none',
      at: { table: 'tails', row: chain.id, column: 'seal_key' },
    });
  const base = closed.reduce(
    (merged, check) => mergeChecks(format, merged, check, { maxOpenLinks: MAX_OPEN_LINKS }),
    emptyCheck(format, ctx.hasher),
  );
  const grown = await grow(
    format,
    ctx.hasher,
    { sizeBytes: closedBytes, completeBytes: closedBytes, check: base, pending: Buffer.alloc(0) },
    open,
  );
  const { check, completeBytes, sizeBytes } = grown.state;
  compareRow(report, place, { size_bytes: sizeBytes, complete_bytes: completeBytes, records: check.records }, tail);
  compareRow(report, { ...place, table: 'tails' }, { result: lasting(check) }, { result: lasting(tail.result) });
  if (
    tail.searched_records > tail.records ||
    tail.loaded_records > tail.records ||
    tail.loaded_bytes > tail.complete_bytes
  )
    report.drift({
      kind: 'tail-differs',
      chain: chain.name,
      what: 'how far the open segment is loaded',
      expected: `at most ${tail.records} records`,
      found: `${Math.max(tail.searched_records, tail.loaded_records)} records, ${tail.loaded_bytes} bytes`,
      at: { table: 'tails', row: chain.id, column: 'loaded_records' },
    });
  if (tail.loaded_bytes >= tail.closed_bytes && tail.loaded_bytes <= tail.complete_bytes) {
    const loaded = open.subarray(0, tail.loaded_bytes - tail.closed_bytes);
    const { state } = await grow(
      format,
      ctx.hasher,
      { sizeBytes: closedBytes, completeBytes: closedBytes, check: base, pending: Buffer.alloc(0) },
      loaded,
    );
    compareRow(report, place, { loaded_records: state.check.records, loaded_lines: state.check.lines }, tail);
  }
  await examineTailProblems(ctx, chain, tail.closed_bytes, grown.problems, report);
  if (tail.complete_bytes === tail.closed_bytes) return { figures: null, openBytes: open.length };
  const live = liveVerdict(format, check, joined.problemCounts);
  const figures = {
    verdict: live.verdict,
    problem_counts: live.problemCounts,
    records: check.records,
    head: check.last?.hash ?? null,
    first_recorded_at: check.firstRecordedAt,
    last_recorded_at: check.lastRecordedAt,
  };
  return { figures, openBytes: open.length };
}

/** What of a check is the same however the bytes came: where links are judged depends on the appends. */
function lasting({
  records,
  lines,
  sizeBytes,
  chainedRecords,
  validRecords,
  first,
  last,
  firstRecordedAt,
  lastRecordedAt,
  openTail,
}: SegmentCheck) {
  return {
    records,
    lines,
    sizeBytes,
    chainedRecords,
    validRecords,
    first: first?.hash ?? null,
    last: last?.hash ?? null,
    firstRecordedAt,
    lastRecordedAt,
    openTail,
  };
}

async function examineTailProblems(
  ctx: Context,
  chain: Chain,
  closedBytes: number,
  problems: readonly Problem[],
  report: Reporter,
): Promise<void> {
  const rows = await ctx.db
    .selectFrom('tail_problems')
    .selectAll()
    .where('chain_id', '=', chain.id)
    .where('byte_offset', '>=', closedBytes)
    .execute();
  const key = (values: Values) => `${asText(values['byte_offset'])} ${asText(values['code'])}`;
  const byKey = (all: readonly Values[]) => new Map(all.map((values) => [`${chain.id} ${key(values)}`, values]));
  compareRows(
    report,
    { chain: chain.name, table: 'tail_problems' },
    byKey(problems.map(problemValues)),
    byKey(rows.map(({ n: _, chain_id: __, ...values }) => values)),
  );
}

type Derived = {
  joined: Joined;
  heads: Awaited<ReturnType<typeof deriveChain>>['heads'];
  checks: ReadonlyMap<string, SegmentCheck>;
};

/** Heads that were seen: each must be that of what the chain held then, and none may be gone. */
async function examineHeads(
  ctx: Context,
  chain: Chain,
  { joined, heads, checks }: Derived,
  report: Reporter,
): Promise<void> {
  const format = formatById(chain.format);
  const gone = (records: number, hash: string, why: string) =>
    report.drift({
      kind: 'row-missing',
      chain: chain.name,
      what: `heads: record ${records - 1}, ${why}`,
      expected: hash,
      found: 'no row',
      at: { table: 'heads', row: `${chain.id} ${records} ${hash}`, column: '*' },
    });
  const has = (records: number, hash: string) =>
    heads.some(({ head }) => head.records === records && head.hash === hash);
  for (const { head, state, differsFrom } of heads) {
    const place = { chain: chain.name, table: 'heads', row: head.id };
    // One that was seen while another join was under way is related to the chain by the next.
    if (head.state !== null) compareRow(report, place, { state, differs_from: differsFrom }, head);
    const content = head.upload_id ? await contentAfter(ctx.db, chain.id, head.upload_id) : null;
    const parts = content?.map(({ digest }) => checks.get(digest)).filter((check) => check !== undefined);
    if (content && parts?.length !== content.length) continue; // told with the objects
    const then = parts ? joinSegments(format, parts, []) : null;
    compareRow(
      report,
      place,
      then
        ? { records: then.records, size_bytes: then.sizeBytes, hash: then.head }
        : { upload_id: 'an upload of the chain' },
      head,
    );
  }
  if (
    chain.verified_generation === chain.generation &&
    joined.head !== null &&
    isWitness(joined) &&
    !has(joined.records, joined.head)
  )
    gone(joined.records, joined.head, 'the chain as it stands');
}
