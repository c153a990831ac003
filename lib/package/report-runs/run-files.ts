import 'server-only';
import { publishedCheckpoint } from '../../attest/log/serve';
import { VERSION } from '../../config/version';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { RUN_FILE } from '../../core/statements/predicates/report-run';
import { tailBytes } from '../../db/tail-bytes';
import { type RecordScope, isEveryRecord } from '../../core/search/record-scope';
import { searchOf } from '../../reports/csv';
import { definitionDigest } from '../../reports/definitions/definition-of';
import { resolveScope } from '../../reports/definitions/resolve-scope';
import { boundsOfIncident } from '../../reports/incident/read-incident';
import { chainsBehind, chainsRestedOn, standingOf } from '../../reports/rests-on';
import type { DefinitionAsRun } from '../../schemas/report-definitions';
import type { ReportRun, ReportRunEntry, RestingChain, RunRecord } from '../../schemas/report-runs';
import { CsvKind } from '../../schemas/reports';
import { type PackageFiles, createPackageFiles } from '../files';
import { RUN_KINDS } from './kinds';
import type { Headline, Making, RunOut } from './kinds/run-kind';
import type { Tell } from './progress';

/** Times it is begun again because what it rests on changed meanwhile. */
const TRIES = 3;
const EVERYTHING: Pick<DefinitionAsRun, 'kind' | 'scope'> = { kind: 'governance', scope: { chains: [], agents: [] } };

export type RunFiles = {
  files: PackageFiles;
  /** By path. */
  entries: ReportRunEntry[];
  /** What they are of. */
  chains: readonly RestingChain[];
  headline: Headline;
};
type Of = Pick<Making, 'period' | 'definition'> & { runId: string; due: ReportRun['due']; madeAt: Date };

/**
 * Makes every file of a report but the signature, all of one state of the chains: `run.json` says of which.
 * @throws AppError CONFLICT when the records of the period change all the time; TOO_LARGE, EVIDENCE_ALTERED, and whatever `tell` throws.
 */
export async function makeFiles(ctx: Context, of: Of, tell: Tell): Promise<RunFiles> {
  const { period, definition } = of;
  const scope = await scopeOf(ctx, definition);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const chains = await chainsRestedOn(ctx, period, scope);
    const made = await makeOnce(ctx, of, { period, definition, scope, chains }, tell);
    if (made && standingOf(await chainsRestedOn(ctx, period, scope)) === standingOf(chains)) return made;
  }
  throw new AppError('CONFLICT', 'the records of the period changed whenever the report was made', { tries: TRIES });
}

/** The records a report is of: of an incident those of the chains that its findings are in. */
async function scopeOf(ctx: Context, definition: DefinitionAsRun | null): Promise<RecordScope> {
  const { incident: subject } = definition ?? {};
  if (!subject) return resolveScope(ctx, (definition ?? EVERYTHING).scope);
  const { chainIds } = await boundsOfIncident(ctx, { subject, workspaceId: ctx.env.workspaceId });
  return { chainIds, agents: null };
}

/** Null when its files are not all of the same records. */
async function makeOnce(ctx: Context, of: Of, making: Making, tell: Tell): Promise<RunFiles | null> {
  const { chains, definition } = making;
  const kind = RUN_KINDS[(definition ?? EVERYTHING).kind];
  const files = createPackageFiles(ctx);
  const rows = new Map<string, number>();
  const opened = chains.flatMap(({ id, open }) => (open ? [{ id, ...open }] : []));
  const all = kind.files(definition).length + opened.length + 1;
  const begin = (file: string) => tell({ file, filesDone: files.entries().length, files: all, rows: 0 });
  const out: RunOut = {
    async add(path, content) {
      await begin(path);
      await files.add(path, content);
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
  await begin(kind.files(definition)[0] ?? RUN_FILE);
  const headline = await kind.make(ctx, making, out);
  if (!headline) return null;
  for (const { id, file, fromByte, toByte } of opened) {
    await begin(file);
    await files.add(file, await tailBytes(ctx, id, fromByte, toByte));
  }
  await begin(RUN_FILE);
  const listed = files.entries().map((entry) => ({ ...entry, rows: rows.get(entry.path) ?? null }));
  const own = await files.add(RUN_FILE, `${JSON.stringify(await recordOf(ctx, of, making, listed), null, 2)}\n`);
  return {
    files,
    chains,
    headline,
    entries: [...listed, { ...own, rows: null }].toSorted((a, b) => (a.path < b.path ? -1 : 1)),
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
