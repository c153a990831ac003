import 'server-only';
import { WORKER } from '../../access/actor';
import * as audit from '../../audit/append';
import { createBefore, sumCounts } from '../../core/chain/offsets';
import type { Context } from '../../context';
import type { ChainCheck, SegmentCheck } from '../../core/chain/check';
import type { ChainFormat, FormatId } from '../../core/chain/format';
import { type Witnessed, joinSegments, verdictOf } from '../../core/chain/join';
import { liveVerdict } from '../../core/chain/live-verdict';
import type { Problem, ProblemCounts } from '../../core/chain/problem';
import { relateHeads } from '../../core/chain/witness';
import { formatById } from '../../core/formats';
import { requireChain, segmentsOf } from '../../db/chains';
import { checkOf, replaceBoundaryProblems } from '../../db/checks';
import { announceVerdict } from '../../db/announce';
import type { Db, Tx } from '../../db/database';
import { isDeletedChain } from '../../db/deleted-chains';
import { lockUntilCommit } from '../../db/lock';
import { locateHashes } from '../log/locate-hashes';
import { ENGINE } from './engine';
import { evidenceSource } from './evidence-source';
import { verifyChainSidecars } from './verify-sidecars';
import { compareWithWitness } from './compare-with-witness';
import { findWitnessed } from './witness';

/**
 * Joins the checks of a chain's segments into its verdict, holds it against the heads we witnessed, remembers its new head
 * and queues the lake. When the chain changed meanwhile the newer generation's own join decides, and this one writes nothing.
 */
export async function joinChain(ctx: Context, { chainId }: { chainId: string }): Promise<void> {
  // What comes while this reads is not in it.
  const joinedAt = ctx.now();
  const chain = await requireChain(ctx.db, chainId);
  if (await isDeletedChain(ctx.db, chainId)) return; // what was found of it stands
  const format = formatById(chain.format);
  const segments = await segmentsOf(ctx.db, chainId);
  const checks: SegmentCheck[] = [];
  for (const segment of segments) {
    const check = await checkOf(ctx.db, segment.digest, chain.format, ENGINE);
    if (!check) return; // its own job will come back here
    checks.push(check);
  }
  await rememberUnseen(ctx, chain);
  const { segmentsInChain, joined, checkedSidecars, heads } = await deriveChain(ctx, chain, segments, checks);

  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'chain', chain.name);
    const now = await requireChain(tx, chainId);
    if (now.generation !== chain.generation) return;
    const changedRecords = await changedRecordsOf(tx, chainId, joined.boundaryProblems);
    await replaceBoundaryProblems(tx, chainId, joined.boundaryProblems);
    for (const [index, { firstRecord, firstLine, check }] of segmentsInChain.entries()) {
      const known = segments[index];
      const stale = isStale(known, firstRecord, check.records, changedRecords);
      if (!stale && known?.records === check.records && known.first_line === firstLine) continue;
      await tx
        .updateTable('chain_segments')
        .set({
          records: check.records,
          first_record: firstRecord,
          first_line: firstLine,
          ...(stale && { loaded_generation: null }),
        })
        .where('chain_id', '=', chainId)
        .where('index', '=', index)
        .execute();
    }
    const figures = await withOpenSegment(tx, chainId, format, joined);
    await tx
      .updateTable('chains')
      .set({
        ...figures,
        problem_counts: JSON.stringify(figures.problem_counts),
        verified_generation: chain.generation,
        checked_sidecars: JSON.stringify(checkedSidecars),
        time_gaps: JSON.stringify(joined.timeGaps),
        time_steps: JSON.stringify(joined.timeSteps),
        untimed: JSON.stringify(joined.untimed),
        verified_at: joinedAt,
        updated_at: ctx.now(),
      })
      .where('id', '=', chainId)
      .execute();
    await announceVerdict(tx, { chainId, verdict: figures.verdict }, ctx.now());
    // One that is joined again as it stands, with the same verdict, is nothing new.
    if (chain.verified_generation !== chain.generation || chain.verdict !== figures.verdict)
      await audit.append(tx, WORKER, {
        action: 'chain.verdict',
        subjectId: chainId,
        details: {
          verdict: figures.verdict,
          records: figures.records,
          head: figures.head,
          generation: chain.generation,
        },
      });
    for (const { head, state, differsFrom } of heads) {
      if (state !== head.state || differsFrom !== head.differs_from)
        await tx.updateTable('heads').set({ state, differs_from: differsFrom }).where('id', '=', head.id).execute();
    }
    await remember(tx, chainId, joined, segments.at(-1)?.upload_id ?? null, ctx.now());
    await ctx.queue.send(tx, 'load-chain', { chainId });
  });
}

type Derivable = Parameters<typeof verifyChainSidecars>[1];

/** What the checks of a chain's segments, the heads seen of it and its sidecar files give together: all that a join writes. Reads only. */
export async function deriveChain(
  ctx: Context,
  chain: Derivable,
  segments: readonly { digest: string }[],
  checks: readonly SegmentCheck[],
) {
  const format = formatById(chain.format);
  const segmentsInChain = offsetsOf(checks).map((at, index) => ({ ...at, digest: segments[index]?.digest ?? '' }));
  const { witnessed, comparison, heads } = await compareWithHeads(ctx, chain, segmentsInChain);
  const records = joinSegments(format, checks, witnessed, {
    hashLocations: await locateHashes(evidenceSource(ctx.evidence, segments), { format, hasher: ctx.hasher, checks }),
    comparison,
  });
  const sidecarCheck = await verifyChainSidecars(ctx, chain, segments);
  const relations = relateHeads(witnessed, comparison);
  return {
    segmentsInChain,
    joined: withSidecars(ofWhatIsClosed(records, segments), sidecarCheck),
    checkedSidecars: sidecarCheck.facts,
    heads: heads.map((head, index) => ({ head, ...(relations[index] ?? { state: null, differsFrom: null }) })),
  };
}

/** That no closed segment holds a record says nothing of a chain all of which is open: `liveVerdict` tells of that. */
function ofWhatIsClosed(joined: ChainCheck, segments: readonly unknown[]): ChainCheck {
  if (segments.length > 0) return joined;
  return { ...joined, boundaryProblems: joined.boundaryProblems.filter(({ code }) => code !== 'no-chain') };
}

/** The chain's figures, with what was appended behind its closed segments. */
async function withOpenSegment(tx: Tx, chainId: string, format: ChainFormat, joined: ChainCheck) {
  const closed = {
    verdict: joined.verdict,
    problem_counts: joined.problemCounts,
    records: joined.records,
    head: joined.head,
    first_recorded_at: joined.firstRecordedAt,
    last_recorded_at: joined.lastRecordedAt,
  };
  const tail = await tx.selectFrom('tails').selectAll().where('chain_id', '=', chainId).executeTakeFirst();
  if (!tail) return closed;
  await tx
    .deleteFrom('tail_problems')
    .where('chain_id', '=', chainId)
    .where('byte_offset', '<', tail.closed_bytes)
    .execute();
  if (tail.complete_bytes === tail.closed_bytes) return closed;
  const { verdict, problemCounts } = liveVerdict(format, tail.result, joined.problemCounts);
  return {
    verdict,
    problem_counts: problemCounts,
    records: tail.result.records,
    head: tail.result.last?.hash ?? null,
    first_recorded_at: tail.result.firstRecordedAt,
    last_recorded_at: tail.result.lastRecordedAt,
  };
}

/** What the sidecar files of the log and its signatures show counts as what the records show. */
function withSidecars(
  joined: ChainCheck,
  { problems, counts }: { problems: readonly Problem[]; counts: ProblemCounts },
): ChainCheck {
  const problemCounts = sumCounts(joined.problemCounts, counts);
  const boundaryProblems = [...joined.boundaryProblems, ...problems].toSorted((a, b) => a.byteOffset - b.byteOffset);
  return { ...joined, verdict: verdictOf(problemCounts), problemCounts, boundaryProblems };
}

type SegmentInChain = { digest: string; firstRecord: number; firstLine: number; check: SegmentCheck };

/** The heads seen of the chain before, what it has in their places now, and where it parts from the furthest it does not confirm. */
async function compareWithHeads(
  ctx: Context,
  { id: chainId, format: formatId }: { id: string; format: FormatId },
  segmentsInChain: readonly SegmentInChain[],
) {
  const format = formatById(formatId);
  const heads = await ctx.db
    .selectFrom('heads')
    .selectAll()
    .where('chain_id', '=', chainId)
    .orderBy('observed_at')
    .execute();
  const witnessed: Witnessed[] = await findWitnessed(
    ctx,
    format,
    segmentsInChain,
    heads.map((head) => ({
      records: head.records,
      sizeBytes: head.size_bytes,
      hash: head.hash,
      observedAt: head.observed_at.toISOString(),
    })),
  );
  const furthest = heads
    .filter((_, index) => witnessed[index]?.found !== witnessed[index]?.hash)
    .toSorted((a, b) => b.records - a.records)[0];
  const comparison = furthest?.upload_id
    ? await compareWithWitness(ctx, format, { chainId, uploadId: furthest.upload_id }, segmentsInChain)
    : null;
  return { heads, witnessed, comparison };
}

function offsetsOf(checks: readonly SegmentCheck[]): { firstRecord: number; firstLine: number; check: SegmentCheck }[] {
  const nextBefore = createBefore();
  return checks.map((check) => {
    const { records: firstRecord, lines: firstLine } = nextBefore(check);
    return { firstRecord, firstLine, check };
  });
}

/** Records whose boundary or witness problems are not what they were. */
async function changedRecordsOf(tx: Tx, chainId: string, problems: readonly Problem[]): Promise<number[]> {
  const before = await tx
    .selectFrom('boundary_problems')
    .select(['record', 'code'])
    .where('chain_id', '=', chainId)
    .execute();
  const key = ({ record, code }: { record: number; code: string }) => `${record} ${code}`;
  const changed = new Set(before.map(key)).symmetricDifference(new Set(problems.map(key)));
  return [...before, ...problems].filter((problem) => changed.has(key(problem))).map(({ record }) => record);
}

/** A segment loaded under other ordinals, or with other problems, than it has now must be loaded again. */
function isStale(
  segment: { first_record: number; loaded_generation: number | null } | undefined,
  firstRecord: number,
  records: number,
  changedRecords: readonly number[],
): boolean {
  return (
    segment?.first_record !== firstRecord ||
    changedRecords.some((record) => record >= firstRecord && record < firstRecord + records)
  );
}

/** Uploads that were replaced before their own join came to it are witnesses too, when they confirm those before them. */
async function rememberUnseen(
  ctx: Context,
  chain: { id: string; format: FormatId; verified_at: Date | null },
): Promise<void> {
  const uploads = await ctx.db
    .selectFrom('uploads')
    .selectAll()
    .where('chain_id', '=', chain.id)
    .where('relation', '!=', 'continues')
    .where('id', 'not in', (eb) => eb.selectFrom('chain_segments').select('upload_id').where('chain_id', '=', chain.id))
    .$if(chain.verified_at !== null, (query) => query.where('received_at', '>', chain.verified_at ?? new Date(0)))
    .orderBy('id')
    .execute();
  for (const upload of uploads) {
    const pieces = await ctx.db
      .selectFrom('upload_segments')
      .select('digest')
      .where('upload_id', '=', upload.id)
      .orderBy('index')
      .execute();
    const checks = (
      await Promise.all(pieces.map(({ digest }) => checkOf(ctx.db, digest, chain.format, ENGINE)))
    ).filter((check) => check !== null);
    if (checks.length !== pieces.length) continue;
    const segmentsInChain = offsetsOf(checks).map((at, index) => ({ ...at, digest: pieces[index]?.digest ?? '' }));
    const { witnessed, comparison } = await compareWithHeads(ctx, chain, segmentsInChain);
    await remember(
      ctx.db,
      chain.id,
      joinSegments(formatById(chain.format), checks, witnessed, { comparison }),
      upload.id,
      upload.received_at,
    );
  }
}

/** A head becomes witness only when the chain holds: a broken copy must not accuse the genuine one later. */
export function isWitness({ verdict, head }: Pick<ChainCheck, 'verdict' | 'head'>): boolean {
  return head !== null && ['verified', 'verified-with-warnings', 'restarted'].includes(verdict);
}

async function remember(
  tx: Db | Tx,
  chainId: string,
  joined: ChainCheck,
  uploadId: string | null,
  observedAt: Date,
): Promise<void> {
  const { head, records, sizeBytes } = joined;
  if (!head || !isWitness(joined)) return;
  await tx
    .insertInto('heads')
    .values({
      chain_id: chainId,
      upload_id: uploadId,
      records,
      size_bytes: sizeBytes,
      hash: head,
      observed_at: observedAt,
    })
    .onConflict((conflict) => conflict.columns(['chain_id', 'records', 'hash']).doNothing())
    .execute();
}
