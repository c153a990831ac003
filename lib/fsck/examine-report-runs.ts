import 'server-only';
import type { Selectable } from 'kysely';
import * as z from 'zod';
import type { Context } from '../context';
import { checkWords, isMet } from '../core/checks/check';
import { RUN_BUNDLE, RUN_FILE, ReportRun } from '../core/statements/predicates/report-run';
import { verifyBundle } from '../core/statements/verify-bundle';
import type { ReportRunsTable } from '../db/report-run-tables';
import { SIGNED_BY, ownKeys, trustIn } from '../db/signed-by';
import { readObject } from '../evidence/store';
import { type Values, compareRow } from './compare';
import type { Reporter } from './drift';
import { sizeOf, unlessGone } from './gone';
import { heldAgainstLog } from './logged-entries';
import { signerValues } from './signer-values';

const PAGE = 200;
type Run = Selectable<ReportRunsTable>;
/** Rows of tables, and the definition, as `run.json` of any release tells them. */
const Listed = z.object({
  definition: z.unknown().optional(),
  due: z.object({ at: z.string(), missed: z.number() }).nullable().default(null),
  files: z.array(z.object({ path: z.string(), rows: z.number().nullable() })),
});

/**
 * Verifies the signature over the files of every report that is kept, and what is on record of it against that and `run.json`. Each that was made is in
 * the transparency log, so one whose row is gone is missed.
 */
export async function examineReportRuns(ctx: Context, report: Reporter, trustedRoot: unknown): Promise<void> {
  const keys = await ownKeys(ctx.db);
  const log = await heldAgainstLog(ctx, report, {
    kind: 'report-run',
    table: 'report_runs',
    column: 'run_digest',
    called: 'report run',
  });
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await ctx.db
      .selectFrom('report_runs')
      .selectAll()
      .where((eb) => eb.or([eb('state', '=', 'done'), eb('made_at', 'is not', null), eb('run_digest', 'is not', null)]))
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    for (const row of rows) {
      report.examined.bundles += 1;
      compareRow(report, { chain: null, table: 'report_runs', row: row.id }, { state: 'done' }, row);
      if (row.run_digest !== null) log.row(row.id, row.run_digest);
      await examine(ctx, row, { keys, trustedRoot }, report);
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) break;
    after = last.id;
  }
  log.end();
}

async function examine(
  ctx: Context,
  row: Run,
  known: Pick<Parameters<typeof trustIn>[1], 'keys' | 'trustedRoot'>,
  report: Reporter,
): Promise<void> {
  const place = { chain: null, table: 'report_runs', row: row.id };
  const digestOf = (path: string) => row.entries.find((entry) => entry.path === path)?.digest ?? null;
  const [bundleDigest, runDigest] = [digestOf(RUN_BUNDLE), digestOf(RUN_FILE)];
  compareRow(report, place, { run_digest: runDigest ?? `a ${RUN_FILE} among its files` }, row);
  if (!bundleDigest || !runDigest) return;
  const [bundle, run] = [
    await unlessGone(readObject(ctx.evidence, bundleDigest)),
    await unlessGone(readObject(ctx.evidence, runDigest)),
  ];
  if (!bundle || !run) return; // told with the objects
  const { steps, statement, signedBy } = verifyBundle(JSON.parse(bundle.toString('utf8')), {
    trust: trustIn(row, known),
    subjectSha256: runDigest,
  });
  const wrong = steps.find((step) => !isMet(step));
  if (wrong)
    report.drift({
      kind: 'bundle-invalid',
      chain: null,
      what: `report run ${row.id}`,
      expected: 'a bundle over its files that verifies',
      found: checkWords(wrong),
      at: {
        table: 'report_runs',
        row: row.id,
        column: SIGNED_BY.find((column) => row[column] !== null) ?? 'entries',
      },
    });
  if (!statement) return;
  const said = ReportRun.parse(statement.predicate);
  const { files, definition = null, due } = Listed.parse(JSON.parse(run.toString('utf8')));
  const rows = new Map(files.map(({ path, rows: count }) => [path, count]));
  const signed = new Map(statement.subject.map(({ name, digest }) => [name, digest['sha256']]));
  const entries = [];
  for (const { path, digest } of row.entries) {
    const wanted = path === RUN_BUNDLE ? bundleDigest : signed.get(path);
    entries.push({
      path,
      digest: wanted ?? 'among its subjects',
      sizeBytes: await sizeOf(ctx, digest),
      rows: rows.get(path) ?? null,
    });
    signed.delete(path);
  }
  for (const [path, digest] of signed) entries.push({ path, digest, sizeBytes: null, rows: null });
  const expected: Values = {
    entries,
    recorded_from: new Date(said.period.from),
    recorded_to: new Date(said.period.to),
    made_at: new Date(said.createdAt),
    definition,
    due_at: due && new Date(due.at),
    missed: due && due.missed,
    ...signerValues(row, signedBy),
  };
  compareRow(report, place, expected, row);
  if (said.run.id !== row.id) compareRow(report, place, { id: said.run.id }, row);
}
