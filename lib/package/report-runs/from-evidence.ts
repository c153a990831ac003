import 'server-only';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { VERSION } from '../../config/version';
import type { Context } from '../../context';
import type { Derived } from '../../report-check/derived';
import { DERIVED } from '../../report-check/kinds';
import { type SortedRecords, recordTable, sortRecords, spansByChain } from '../../report-check/sorted-records';
import { searchOf } from '../../reports/csv';
import { chainsAtOnce } from '../../reports/rests-on';
import type { PackageEntry } from '../../schemas/packages';
import type { RestingChain } from '../../schemas/report-runs';
import { CsvKind } from '../../schemas/reports';
import { createPackageFiles } from '../files';
import { RUN_KINDS } from './kinds';
import type { Making, RunOut, Settled } from './kinds/run-kind';
import type { Tell } from './progress';
import { addSample, sampleFiles } from './sample-files';
import { EVERYTHING, type Of, type RunFiles, beginRun } from './write-run';

type Standing = RestingChain & { found: { from: string; to: string } };
type Asked = Pick<Making, 'period' | 'definition' | 'scope'>;

/**
 * Makes a run as `report --check` derives it: of the segments there are at one moment, and of what is open by then up to its last whole line. However fast
 * records come, it ends. @throws AppError TOO_LARGE, EVIDENCE_MISSING, EVIDENCE_ALTERED.
 */
export async function makeFromEvidence(ctx: Context, of: Of, asked: Asked, tell: Tell): Promise<RunFiles> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-run-'));
  try {
    const { chains, opened, sorted } = await readRecords(ctx, asked, folder, tell);
    const settled: Settled = new Map(chains.map(({ found, ...chain }) => [chain.id, { ...chain, found }]));
    const making: Making = { ...asked, chains: chains.map(({ found: _, ...chain }) => chain), settled };
    const kind = RUN_KINDS[(asked.definition ?? EVERYTHING).kind];
    const kept = opened.filter(({ path: file }) => chains.some(({ open }) => open?.file === file));
    const run = beginRun(
      ctx,
      tell,
      kind.files(asked.definition).length + kept.length + sampleFiles(asked.definition).length + 1,
    );
    await makeOf(ctx, making, sorted, run.out);
    for (const { path: file, digest, sizeBytes } of kept) await run.files.known(file, digest, sizeBytes);
    await addSample(ctx, making, run.files, run.begin);
    return await run.end(of, making);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The chains as they stand at one moment with their records of the period, in the order of time, and the files of what was open. */
async function readRecords(
  ctx: Context,
  { period, definition, scope }: Asked,
  folder: string,
  tell: Tell,
): Promise<{ chains: Standing[]; opened: PackageEntry[]; sorted: SortedRecords }> {
  const files = createPackageFiles(ctx);
  const standing = await chainsAtOnce(ctx, { period, scope }, async (file, bytes) => {
    await files.add(file, bytes);
  });
  const opened = files.entries();
  const named = {
    chains: standing,
    period,
    files: opened.map(({ path: file, digest: sha256, sizeBytes }) => ({ path: file, sha256, sizeBytes })),
    ...(definition && { definition }),
  };
  const found = new Map<string, number>();
  const spans = spansByChain();
  let [reading, rows] = ['', 0];
  const sorted = await sortRecords(ctx, named, folder, {
    bytes: () => {},
    chain: (name) => (reading = name),
    record: spans.add,
    counted(piece) {
      found.set(`${piece.chainId} ${piece.fromByte}`, piece.found);
      rows += piece.found;
    },
    batch: () => tell({ file: `records of ${reading}`, filesDone: 0, files: 1, rows }),
  });
  const chains = standing.flatMap((chain) => {
    const span = spans.of(chain.id);
    return span ? [{ ...withCounts(chain, found), found: span }] : [];
  });
  return { chains, opened, sorted };
}

/** A chain with the records that were found in its pieces. */
function withCounts(chain: RestingChain, found: ReadonlyMap<string, number>): RestingChain {
  const at = (byte: number) => found.get(`${chain.id} ${byte}`) ?? 0;
  const segments = chain.segments.map((segment) => ({ ...segment, inPeriod: at(segment.byteOffset) }));
  const inOpen = chain.open ? at(chain.open.fromByte) : 0;
  const inPeriod = segments.reduce((sum, segment) => sum + segment.inPeriod, inOpen);
  return { ...chain, inPeriod, segments, open: chain.open && inOpen > 0 ? { ...chain.open, inPeriod: inOpen } : null };
}

/** What is not counted of records is read as it stands; what is takes the place of what was read. */
async function makeOf(ctx: Context, making: Making, sorted: SortedRecords, out: RunOut): Promise<void> {
  const { period, definition } = making;
  const [kind, bom] = [(definition ?? EVERYTHING).kind, definition?.bom ?? false];
  let derived: Derived | null = null;
  const derive = async (json: Uint8Array) =>
    DERIVED[kind](JSON.parse(Buffer.from(json).toString('utf8')), {
      records: sorted.read(),
      period,
      bom,
      publicUrl: ctx.env.workspaceUrl,
      version: VERSION,
    });
  await RUN_KINDS[kind].make(ctx, making, {
    async add(file, content) {
      if (file !== 'report.json') return out.add(file, await bytesOf(derived?.files[file], content));
      derived = await derive(content);
      if (!derived) throw new Error('a report of this release is read by it');
      return out.add(file, derived.json);
    },
    async stream(file, content) {
      return out.stream(file, file === 'report.pdf' && derived ? await derived.pdf(ctx.env) : content);
    },
    async table(file, content) {
      const csv = CsvKind.options.find((known) => file === `${known}.csv`);
      const search = csv && searchOf(csv);
      if (search) return out.table(file, (onRow) => recordTable(sorted, search, { bom, onRow }));
      return out.table(file, derived?.files[file] ?? content);
    },
  });
}

/** What was derived, or what was read where that is nothing that is. */
async function bytesOf(own: Derived['files'][string] | undefined, read: Uint8Array): Promise<Uint8Array> {
  if (!own) return read;
  const chunks: Uint8Array[] = [];
  for await (const chunk of own(() => {})) chunks.push(chunk);
  return Buffer.concat(chunks);
}
