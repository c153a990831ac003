import 'server-only';
import type { Context } from '../context';
import { FORMATS } from '../core/formats';
import { segmentsOf } from '../db/chains';
import { isDeletedChain } from '../db/deleted-chains';
import { isSameContent } from '../ingest/classify-upload';
import { referenceFindingOf } from '../verify/server/follow-reference';
import { deriveChain } from '../verify/server/join-chain';
import { type Values, compareAtMost, compareRow, compareRows } from './compare';
import type { Reporter } from './drift';
import { unlessGone } from './gone';
import { type Chain, type Derived, examineHeads } from './examine-heads';
import { examineTail } from './examine-tail';
import { examineUploads } from './examine-uploads';
import { problemValues } from './read-segment';

type Segments = Awaited<ReturnType<typeof segmentsOf>>;

/** Derives a chain again, from evidence and from what is open, and compares the result with what is on record. */
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
  if (await isDeletedChain(ctx.db, id)) return; // held against its tombstone
  const { checks, content } = await examineUploads(ctx, chain, report);
  const segments = await segmentsOf(ctx.db, chain.id);
  const inForce = segments.map(({ digest }) => checks.get(digest)?.check).filter((check) => check !== undefined);
  if (inForce.length !== segments.length) return reportUnfounded(chain, segments, checks, report); // told with the objects
  if (!isSameContent(content, segments))
    compareRow(
      report,
      { chain: chain.name, table: 'chain_segments', row: chain.id },
      { digest: content.map(({ digest }) => digest) },
      { digest: segments.map(({ digest }) => digest) },
    );
  const derived = await unlessGone(deriveChain(ctx, chain, segments, inForce));
  if (!derived) return;
  const { joined, segmentsInChain, checkedSidecars, heads } = derived;
  const closedBytes = await examineSegments(ctx, chain, segments, segmentsInChain, report);
  const problems = await ctx.db.selectFrom('boundary_problems').selectAll().where('chain_id', '=', chain.id).execute();
  compareRows(
    report,
    { chain: chain.name, table: 'boundary_problems' },
    new Map(joined.boundaryProblems.map((problem, n) => [`${chain.id} ${n}`, problemValues(problem)])),
    new Map(problems.map((problem) => [`${chain.id} ${problem.n}`, problem])),
  );
  const { figures: tail, openBytes } = await examineTail(ctx, chain, inForce, joined, report);
  report.examined.chains += 1;
  report.examined.records += tail?.records ?? joined.records;
  for (const column of ['verified_generation', 'loaded_generation', 'detected_generation'] as const)
    compareAtMost(
      report,
      { chain: chain.name, table: 'chains', row: chain.id },
      column,
      chain[column],
      chain.generation,
    );
  const figures = tail ?? {
    verdict: joined.verdict,
    problem_counts: joined.problemCounts,
    records: joined.records,
    head: joined.head,
    first_recorded_at: joined.firstRecordedAt,
    last_recorded_at: joined.lastRecordedAt,
  };
  const expected: Values = { ...figures, size_bytes: closedBytes + openBytes };
  // Of a chain of which nothing was closed yet, nothing may have been joined.
  const unjoined = segments.length === 0 && chain.time_gaps === null;
  Object.assign(expected, {
    time_gaps: unjoined ? null : joined.timeGaps,
    time_steps: unjoined ? null : joined.timeSteps,
    untimed: unjoined ? null : joined.untimed,
    checked_sidecars: unjoined ? [] : checkedSidecars,
  });
  if (chain.reference_verifier !== null)
    expected['reference_verifier'] = await unlessGone(referenceFindingOf(ctx, { ...chain, records: joined.records }));
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

function reportUnfounded(
  chain: Chain,
  segments: Segments,
  checks: ReadonlyMap<string, unknown>,
  report: Reporter,
): void {
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
}

/** Compares where the chain's segments lie with what their bytes give. Gives the bytes of all. */
async function examineSegments(
  ctx: Context,
  chain: Chain,
  segments: Segments,
  inChain: Derived['segmentsInChain'],
  report: Reporter,
): Promise<number> {
  let bytes = 0;
  for (const [index, segment] of segments.entries()) {
    const at = inChain[index];
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
    const place = { chain: chain.name, table: 'chain_segments', row: `${chain.id} ${segment.index}` };
    compareRow(report, place, expected, segment);
    compareAtMost(report, place, 'loaded_generation', segment.loaded_generation ?? 0, chain.generation);
    bytes += at?.check.sizeBytes ?? 0;
  }
  return bytes;
}
