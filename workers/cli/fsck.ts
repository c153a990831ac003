import type { z } from 'zod';
import { ownTrustedRoot } from '@/lib/attest/trust';
import type { Drift, Examined } from '@/lib/fsck/drift';
import { fsck as derive } from '@/lib/fsck/fsck';
import { furtherContexts } from '@/lib/compose';
import type { Context } from '@/lib/context';
import { DEFAULT_WORKSPACE } from '@/lib/schemas/workspace-id';
import { forgetFigures } from '@/lib/lake/figures/keep-figures';
import { emptyLake, reloadChain } from '@/lib/lake/reload-chain';
import { listStuck } from '@/lib/ops/stuck';
import type { StuckJobs } from '@/lib/schemas/stuck';
import { figure as count } from '@/lib/core/text/words';
import { withInstallation } from './installation';
import { size } from './size';
import { print } from './output';
import { showSections } from './progress';

export type Options = { json?: boolean; repairLake?: boolean; workspace?: string };

/** Reports what differs in every workspace, or in one, rebuilds the lake where that was asked for, and sets the exit status. */
export async function fsck({ workspace = process.env['SEALTRAIL_WORKSPACE'], ...options }: Options): Promise<void> {
  await withInstallation(
    (ctx) => (workspace ? examine(ctx, options) : examineAll(ctx, options)),
    workspace || DEFAULT_WORKSPACE,
  );
}

/** The same of an installation that is at hand: of every workspace, the default one first. */
export async function examineAll(installation: Context, options: Options): Promise<void> {
  await examine(installation, options);
  for (const ctx of await furtherContexts(installation)) {
    const status = process.exitCode;
    if (!options.json) await print(`Workspace ${ctx.env.workspaceId}:\n`);
    await examine(ctx, options);
    if (status === 1) process.exitCode = 1;
  }
}

async function examine(ctx: Context, { json, repairLake }: Options): Promise<void> {
  const of = ctx.env.workspaceId === DEFAULT_WORKSPACE ? {} : { workspace: ctx.env.workspaceId };
  const examined: Examined = { objects: 0, bytes: 0, bundles: 0, chains: 0, records: 0 };
  const trustedRoot = await ownTrustedRoot(ctx);
  const progress = showSections(process.stderr, () => examined.bytes);
  const lines: string[] = [];
  const options = { examined, trustedRoot, onProgress: progress.at };
  const result = await derive(
    ctx,
    (drift) => lines.push(json ? `${JSON.stringify({ ...of, ...drift })}\n` : sentence(drift)),
    options,
  ).finally(() => progress.end());
  for (const line of lines) await print(line);
  if (!json) for (const what of result.notCompared) await print(`${what}\n`);
  const rebuilt: string[] = [];
  const all = repairLake && result.unreadable;
  if (repairLake && (all || result.lakeDrifts > 0)) await forgetFigures(ctx);
  if (all) await emptyLake(ctx);
  const damaged = all ? await ctx.db.selectFrom('chains').select(['id', 'name']).orderBy('id').execute() : result.lake;
  for (const { id, name } of repairLake ? damaged : []) {
    await reloadChain(ctx, { chainId: id });
    rebuilt.push(name);
    if (!json) await print(`rebuilt in the lake: ${name}\n`);
  }
  const left = result.drifts - (repairLake ? result.lakeDrifts : 0);
  const stuck = await listStuck(ctx);
  if (json)
    await print(
      `${JSON.stringify({ ...of, examined, drifts: result.drifts, rebuilt, notCompared: result.notCompared, stuck: stuck.items })}\n`,
    );
  else await print(total(examined, left) + stuckLines(stuck));
  process.exitCode = left > 0 ? 1 : 0;
}

const WORDS: Record<Drift['kind'], string> = {
  'object-missing': 'is missing from the evidence store',
  'object-altered': 'is not what its name says',
  'object-left': 'was deleted and is in the evidence store again',
  'bundle-invalid': 'does not verify',
  'segments-apart': 'does not begin where the one before it ends',
  'check-differs': 'differs from what was found when it was checked',
  'head-differs': 'differs from what the evidence gives',
  'tail-differs': 'differs from what was appended',
  'lake-differs': 'differs from what the evidence gives',
  'tree-differs': 'differs from what the evidence gives',
  'log-altered': 'differs from what was published',
  'log-lacks': 'is not in the transparency log',
  'row-differs': 'differs from what evidence, bundles and the log give',
  'row-missing': 'is missing',
  'row-unfounded': 'is not confirmed by evidence, bundles or the log',
};

function sentence({ kind, chain, what, expected, found }: Drift): string {
  return `${chain === null ? '' : `${chain}: `}${what} ${WORDS[kind]} (expected ${expected}, found ${found})\n`;
}

function total({ objects, bytes, bundles, chains, records }: Examined, left: number): string {
  return `${left === 0 ? 'Nothing differs' : `${count(left)} ${left === 1 ? 'thing differs' : 'things differ'}`}: ${count(objects)} objects (${size(bytes)}), ${count(bundles)} bundles, ${count(chains)} chains, ${count(records)} records.\n`;
}

/** What does not differ, but is not done either. */
function stuckLines({ items, total: all }: z.output<typeof StuckJobs>): string {
  const lines = items.map(
    ({ what, chain, cause, attempts, since }) =>
      `stuck since ${since}: ${what}${chain === null ? '' : ` of ${chain}`}, after ${count(attempts)} tries: ${cause}\n`,
  );
  return `${lines.join('')}${all > items.length ? `and ${count(all - items.length)} more are stuck\n` : ''}`;
}
