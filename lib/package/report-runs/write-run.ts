import 'server-only';
import { publishedCheckpoint } from '../../attest/log/serve';
import { VERSION } from '../../config/version';
import type { Context } from '../../context';
import { RUN_FILE } from '../../core/statements/predicates/report-run';
import { isEveryRecord } from '../../core/search/record-scope';
import { searchOf } from '../../reports/csv';
import { definitionDigest } from '../../reports/definitions/definition-of';
import { chainsBehind } from '../../reports/rests-on';
import type { DefinitionAsRun } from '../../schemas/report-definitions';
import type { ReportRun, ReportRunEntry, RestingChain, RunRecord } from '../../schemas/report-runs';
import { CsvKind } from '../../schemas/reports';
import { type PackageFiles, createPackageFiles } from '../files';
import { RUN_KINDS } from './kinds';
import type { Headline, Making, RunOut } from './kinds/run-kind';
import type { Tell } from './progress';

export const EVERYTHING: Pick<DefinitionAsRun, 'kind' | 'scope'> = {
  kind: 'governance',
  scope: { chains: [], agents: [] },
};

/** What a run is of. */
export type Of = Pick<Making, 'period' | 'definition'> & { runId: string; due: ReportRun['due']; madeAt: Date };

export type RunFiles = {
  files: PackageFiles;
  /** By path. */
  entries: ReportRunEntry[];
  /** What they are of. */
  chains: readonly RestingChain[];
  headline: Headline;
};

/** Files of a run as they are made, `all` of them in the end, each told of as it is begun. */
export function beginRun(ctx: Context, tell: Tell, all: number) {
  const files = createPackageFiles(ctx);
  const rows = new Map<string, number>();
  let report: unknown;
  const begin = (file: string) => tell({ file, filesDone: files.entries().length, files: all, rows: 0 });
  const out: RunOut = {
    async add(path, content) {
      await begin(path);
      await files.add(path, content);
      if (path === 'report.json') report = JSON.parse(Buffer.from(content).toString('utf8'));
    },
    async stream(path, content) {
      await begin(path);
      await files.stream(path, content);
    },
    async table(path, content) {
      await begin(path);
      let count = 0;
      const filesDone = files.entries().length;
      const told = watched(
        content(() => (count += 1)),
        () => tell({ file: path, filesDone, files: all, rows: count }),
      );
      await files.stream(path, told);
      rows.set(path, count);
      return count;
    },
  };
  return {
    files,
    out,
    begin,
    /** Writes `run.json`, which names all others. */
    async end(of: Of, making: Making): Promise<RunFiles> {
      await begin(RUN_FILE);
      const listed = files.entries().map((entry) => ({ ...entry, rows: rows.get(entry.path) ?? null }));
      const record = await recordOf(ctx, of, making, listed);
      const own = await files.add(RUN_FILE, `${JSON.stringify(record, null, 2)}\n`);
      return {
        files,
        chains: making.chains,
        headline: RUN_KINDS[(making.definition ?? EVERYTHING).kind].headline(report),
        entries: [...listed, { ...own, rows: null }].toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      };
    },
  };
}

async function recordOf(
  ctx: Context,
  { runId, due, madeAt }: Of,
  making: Making,
  listed: readonly ReportRunEntry[],
): Promise<RunRecord> {
  const { period, definition, chains } = making;
  const checkpoint = await publishedCheckpoint(ctx);
  return {
    id: runId,
    ...(definition && { definition, definitionSha256: definitionDigest(definition) }),
    ...(due && { due }),
    period,
    madeAt: madeAt.toISOString(),
    tool: { name: 'sealtrail', version: VERSION },
    host: new URL(ctx.env.publicUrl).host,
    chains: [...chains],
    behind: await chainsBehind(ctx),
    log: checkpoint && { size: checkpoint.size, checkpoint: checkpoint.note },
    files: listed.map(({ path, digest, sizeBytes, rows }) => ({
      path,
      sha256: digest,
      sizeBytes,
      rows,
      query: queryOf(path, making),
    })),
  };
}

/** What a table is of: its address in the API where that is of the same records, and of one of records what a record must be to be in it. */
function queryOf(path: string, { period: { from, to }, scope }: Making) {
  const kind = CsvKind.options.find((known) => path === `${known}.csv`);
  if (kind === undefined) return null;
  return {
    ...(isEveryRecord(scope) && { get: `/api/v1/reports/${path}?${new URLSearchParams({ from, to })}` }),
    records: searchOf(kind),
  };
}

async function* watched(chunks: AsyncIterable<Uint8Array>, tell: () => Promise<void>) {
  for await (const chunk of chunks) {
    yield chunk;
    await tell();
  }
}
