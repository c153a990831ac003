import 'server-only';
import { ClickHouseError } from '@clickhouse/client';
import type { Context } from '../context';
import type { Drift, Examined, Reporter } from './drift';
import { examineBundles } from './examine-bundles';
import { examineChain } from './examine-chain';
import { examineLake } from './examine-lake';
import { examineLog } from './examine-log';
import { examineObjects } from './examine-objects';
import { examinePackages } from './examine-packages';
import { examineTrees } from './examine-trees';

const PAGE = 100;

export type Fsck = { examined: Examined; /** Chains whose records in the lake are not those of the evidence. */ lake: { id: string; name: string }[]; drifts: number; /** The lake has parts that cannot be read: only emptied and loaded anew as a whole it can be trusted. */ unreadable: boolean };

/**
 * Re-reads all evidence and derives everything that can be derived from it anew: digests, bundles, chains, heads, trees, the transparency log,
 * and what the lake must hold. Changes nothing. `onDrift` is told of each difference as it is found; `examined` grows while it runs. Bundles under a
 * certificate are held against `trustedRoot`, a parsed `trusted_root.json`.
 */
export async function fsck(ctx: Context, onDrift: (drift: Drift) => void, { examined = { objects: 0, bytes: 0, bundles: 0, chains: 0, records: 0 }, trustedRoot = null }: { examined?: Examined; trustedRoot?: unknown } = {}): Promise<Fsck> {
  let drifts = 0;
  const report: Reporter = {
    examined,
    drift(drift) {
      drifts += 1;
      onDrift(drift);
    },
  };
  const lake: Fsck['lake'] = [];
  let unreadable = false;
  await examineObjects(ctx, report);
  await examineBundles(ctx, report, trustedRoot);
  await examinePackages(ctx, report, trustedRoot);
  await examineTrees(ctx, report);
  await examineLog(ctx, report);
  for await (const chain of chains(ctx)) {
    await examineChain(ctx, chain, report);
    try {
      if (!(await examineLake(ctx, chain, report))) lake.push({ id: chain.id, name: chain.name });
    } catch (error) {
      if (!(error instanceof ClickHouseError)) throw error;
      // A part that was cut off by a full disk, say: the chain's records cannot be read, and all of the lake is in doubt.
      report.drift({ kind: 'lake-differs', chain: chain.name, what: 'records in the lake', expected: 'to be readable', found: error.type ?? error.message });
      lake.push({ id: chain.id, name: chain.name });
      unreadable = true;
    }
  }
  return { examined, lake, drifts, unreadable };
}

async function* chains(ctx: Context) {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const page = await ctx.db.selectFrom('chains').selectAll().where('id', '>', after).orderBy('id').limit(PAGE).execute();
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.id;
  }
}
