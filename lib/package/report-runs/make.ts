import 'server-only';
import { bundleToJSON } from '@sigstore/bundle';
import { type Actor, WORKER } from '../../access/actor';
import { appendToLog } from '../../attest/log/append-entry';
import { signedByOne } from '../../attest/signed-by-one';
import { currentSigner } from '../../attest/signers';
import * as audit from '../../audit/append';
import { VERSION } from '../../config/version';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { canonicalJson, statementPayload } from '../../core/statements/dsse';
import { RUN_BUNDLE, RUN_FILE, buildReportRunStatement } from '../../core/statements/predicates/report-run';
import type { Db, Tx } from '../../db/database';
import { STUCK_AFTER } from '../../db/job-failures';
import { attemptRequest } from '../../db/attempt-request';
import { retryAt } from '../../db/lease';
import { lockUntilCommit } from '../../db/lock';
import { chainsBehind } from '../../reports/rests-on';
import type { ChainVerdict } from '../../schemas/common';
import type { RestingChain } from '../../schemas/report-runs';
import { failureOf } from '../failure-of';
import { announceFailed, announceMade } from './announce-run';
import { Cancelled, progressTold } from './progress';
import { makeFiles } from './run-files';
import { dueOf, periodOf } from './runs';

/** So often it waits for chains that are still being checked or loaded; after that it names them. */
const BEHIND_TRIES = 4;

type Attempt = { runId: string; attempts: number };

/** Makes the report that is to be kept, once. What keeps it from being made stands in its row; it is tried again while that may help. */
export async function makeReportRun(
  ctx: Context,
  { runId, actor }: { runId: string; actor: Actor },
  signal: AbortSignal,
): Promise<void> {
  await attemptRequest(
    ctx,
    { table: 'report_runs', id: runId, signal },
    (attempts) =>
      // One that waits again is being made by nobody.
      make(ctx, { runId, attempts, actor }, signal).finally(() =>
        waiting(ctx.db, runId).set({ progress: null }).execute(),
      ),
    async (error, attempts) => {
      if (!(error instanceof Cancelled)) await note(ctx, { runId, attempts }, error);
    },
  );
}

function byVerdict(chains: readonly RestingChain[]): Partial<Record<ChainVerdict, number>> {
  const counts: Partial<Record<ChainVerdict, number>> = {};
  for (const { verdict } of chains) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}

function waiting(db: Db | Tx, runId: string) {
  return db.updateTable('report_runs').where('id', '=', runId).where('state', '=', 'waiting');
}

/** Those who are sent reports of it are told when it is given up, and once when it failed so often that somebody should look. */
async function note(ctx: Context, { runId, attempts }: Attempt, error: unknown): Promise<void> {
  const { isFinal, failure } = failureOf(error, attempts);
  await ctx.db.transaction().execute(async (tx) => {
    const noted = await waiting(tx, runId)
      .set({
        state: isFinal ? 'failed' : 'waiting',
        failure,
        next_try_at: retryAt(ctx, attempts),
      })
      .returningAll()
      .executeTakeFirst();
    if (noted && (isFinal || attempts === STUCK_AFTER))
      await announceFailed(tx, noted, { failure, isFinal }, ctx.now());
    if (noted && isFinal) await audit.append(tx, WORKER, { action: 'report-run.fail', subjectId: runId });
  });
  ctx.log.warn(
    { err: error, runId },
    isFinal ? 'the report cannot be made' : 'the report is not made yet; it is tried again',
  );
}

async function make(
  ctx: Context,
  { runId: id, attempts, actor }: Attempt & { actor: Actor },
  signal: AbortSignal,
): Promise<void> {
  const row = await ctx.db.selectFrom('report_runs').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const [first] = attempts > BEHIND_TRIES ? [] : await chainsBehind(ctx);
  if (first)
    throw new AppError('CONFLICT', `chain "${first.name}" is still being checked or loaded`, { chainId: first.id });
  const [madeAt, period] = [ctx.now(), periodOf(row)];
  const tell = progressTold(ctx, id, signal);
  const of = { runId: id, period, definition: row.definition, due: dueOf(row), madeAt };
  const { files, entries, chains, headline } = await makeFiles(ctx, of, tell);

  const statement = buildReportRunStatement(
    entries.map(({ path, digest: sha256 }) => ({ path, sha256 })),
    {
      run: { id },
      period,
      tool: { name: 'sealtrail', version: VERSION },
      records: chains.reduce((sum, { inPeriod }) => sum + inPeriod, 0),
      chains: chains.length,
      byVerdict: byVerdict(chains),
      createdAt: madeAt.toISOString(),
    },
  );
  const signer = await currentSigner(ctx);
  const bundle = await signer.sign(Buffer.from(statementPayload(statement)));
  const signedBy = await signedByOne(ctx, signer, [bundle]);
  const signed = await files.add(RUN_BUNDLE, `${canonicalJson(bundleToJSON(bundle))}\n`);
  const runDigest = entries.find(({ path }) => path === RUN_FILE)?.digest ?? '';
  const all = [...entries, { ...signed, rows: null }].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  signal.throwIfAborted();

  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'report-run', id);
    const done = await waiting(tx, id)
      .set({
        ...signedBy,
        state: 'done',
        failure: null,
        progress: null,
        made_at: madeAt,
        entries: JSON.stringify(all),
        run_digest: runDigest,
      })
      .returning('id')
      .executeTakeFirst();
    if (!done) return;
    const entry = { kind: 'report-run' as const, runSha256: runDigest, bundleSha256: signed.digest };
    const { index: logIndex } = await appendToLog(ctx, tx, entry);
    await announceMade(tx, row, { entries, headline, runSha256: runDigest, logIndex }, madeAt);
    await audit.append(tx, actor, {
      action: 'report-run.make',
      subjectId: id,
      details: { runSha256: runDigest, bundleSha256: signed.digest },
    });
  });
}
