import 'server-only';
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Context } from '../context';
import { createLineCounter } from '../core/bytes/newline';
import type { FormatId } from '../core/chain/format';
import { segmentVerdict } from '../core/chain/join';
import { formatById } from '../core/formats';
import type { CutSegment } from '../ingest/segment-cutter';
import { ENGINE } from '../verify/server/engine';
import { type Values, compareRow, compareRows } from './compare';
import type { Reporter } from './drift';
import { examineRelation } from './examine-relation';
import { sizeOf, unlessGone } from './gone';
import { type Checked, checkAgain, problemValues } from './read-segment';

type Chain = { id: string; name: string; format: FormatId };

type Piece = { digest: string; size_bytes: number };

/**
 * What each upload of a chain consisted of, how it came to be part of it, and what checking each of its segments gave. Gives the checks by digest, null
 * where the bytes are gone, and what the uploads make of the chain.
 */
export async function examineUploads(
  ctx: Context,
  chain: Chain,
  report: Reporter,
): Promise<{ checks: Map<string, Checked | null>; content: readonly Piece[] }> {
  const checks = new Map<string, Checked | null>();
  let content: Piece[] = [];
  const uploads = await ctx.db
    .selectFrom('uploads')
    .selectAll()
    .where('chain_id', '=', chain.id)
    .orderBy('id')
    .execute();
  for (const upload of uploads) {
    const place = { chain: chain.name, table: 'uploads', row: upload.id };
    const parts = await ctx.db
      .selectFrom('upload_segments')
      .selectAll()
      .where('upload_id', '=', upload.id)
      .orderBy('index')
      .execute();
    for (const [index, part] of parts.entries()) {
      const row = `${upload.id} ${part.index}`;
      const sizeBytes = await sizeOf(ctx, part.digest);
      compareRow(
        report,
        { chain: chain.name, table: 'upload_segments', row },
        { index, ...(sizeBytes !== null && { size_bytes: sizeBytes }) },
        part,
      );
      if (!checks.has(part.digest)) checks.set(part.digest, await examineCheck(ctx, chain, part.digest, report));
    }
    const present = upload === uploads[0] ? null : content;
    content = upload.relation === 'continues' ? [...content, ...parts] : parts;
    const read = await unlessGone(
      contentOf(
        ctx,
        parts.map(({ digest }) => digest),
      ),
    );
    if (!read) continue;
    const archived =
      upload.archive_sha256 === null
        ? null
        : await ctx.db
            .selectFrom('archives')
            .select('digest')
            .where('digest', '=', upload.archive_sha256)
            .limit(1)
            .executeTakeFirst();
    const expected: Values = {
      sha256: read.sha256,
      size_bytes: read.sizeBytes,
      records: read.records,
      segments: parts.length,
      archive_sha256: archived?.digest ?? null,
    };
    compareRow(report, place, expected, upload);
    await unlessGone(examineRelation(ctx, chain, { upload, present, next: read.segments }, report));
  }
  return { checks, content };
}

/** The check on record of a segment, and its problems. */
async function examineCheck(ctx: Context, chain: Chain, digest: string, report: Reporter): Promise<Checked | null> {
  const checked = await checkAgain(ctx, digest, chain.format);
  if (!checked) return null;
  const row = await ctx.db
    .selectFrom('segment_checks')
    .selectAll()
    .where('digest', '=', digest)
    .where('format', '=', chain.format)
    .executeTakeFirst();
  const name = `${digest} ${chain.format}`;
  const expected = new Map([
    [name, { engine: ENGINE, verdict: segmentVerdict(formatById(chain.format), checked.check), result: checked.check }],
  ]);
  compareRows(report, { chain: chain.name, table: 'segment_checks' }, expected, new Map(row ? [[name, row]] : []));
  const problems = await ctx.db
    .selectFrom('segment_problems')
    .selectAll()
    .where('digest', '=', digest)
    .where('format', '=', chain.format)
    .orderBy('n')
    .execute();
  compareRows(
    report,
    { chain: chain.name, table: 'segment_problems' },
    new Map(checked.problems.map((problem, n) => [`${name} ${n}`, problemValues(problem)])),
    new Map(problems.map((problem) => [`${name} ${problem.n}`, problem])),
  );
  return checked;
}

/** The digest of what was sent, and the lines in it that are not blank. A file that ends within a line ends that line. */
async function contentOf(
  ctx: Context,
  digests: readonly string[],
): Promise<{ sha256: string; sizeBytes: number; records: number; segments: CutSegment[] }> {
  const sha256 = createHash('sha256');
  const segments: CutSegment[] = [];
  for (const digest of digests) {
    let sizeBytes = 0;
    const counter = createLineCounter();
    for await (const chunk of await ctx.evidence.read(digest)) {
      sha256.update(chunk);
      sizeBytes += chunk.length;
      counter.push(chunk);
    }
    counter.end();
    segments.push({ digest, sizeBytes, ...counter.take() });
  }
  const sum = (of: (segment: CutSegment) => number) => segments.reduce((total, segment) => total + of(segment), 0);
  return {
    sha256: sha256.digest('hex'),
    sizeBytes: sum((segment) => segment.sizeBytes),
    records: sum((segment) => segment.records),
    segments,
  };
}

/** Sizes on record of files that are evidence as they are, and what the name of a key says of it. */
export async function examineFiles(ctx: Context, report: Reporter): Promise<void> {
  const { rows } = await sql<{ table: string; row: string; chain: string | null; digest: string; size_bytes: number }>`
    SELECT 'sidecars' AS "table", s.id::text AS "row", c.name AS chain, s.digest, s.size_bytes FROM sidecars s JOIN chains c ON c.id = s.chain_id
    UNION ALL SELECT 'archives', id::text, NULL, digest, size_bytes FROM archives`.execute(ctx.db);
  for (const { table, row, chain, digest, size_bytes: sizeBytes } of rows) {
    const is = await sizeOf(ctx, digest);
    if (is !== null) compareRow(report, { chain, table, row }, { size_bytes: is }, { size_bytes: sizeBytes });
  }
}
