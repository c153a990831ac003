import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { Chain } from '../schemas/chains';
import { chainRows, toChain } from './chain-rows';
import { perContext } from '../per-context';

/** How often the chains that are watched are looked at: one query for all of them. */
const LOOK_MS = 1_000;
const MAX_WATCHERS = 500;

type Watcher = { chainId: string; tell(chain: Chain): void };
type Watch = {
  watchers: Set<Watcher>;
  timer: NodeJS.Timeout | null;
  /** What each chain looked like when it was told last. */
  marks: Map<string, string>;
};

const watchOf = perContext('watches', (): Watch => ({ watchers: new Set(), timer: null, marks: new Map() }));

/**
 * Tells a watcher the chain's figures now, and again whenever they have changed: by appends, verdicts, loading, signing, on any host.
 * Gives what ends it. @throws AppError BUSY when too many watch.
 */
export function watchChain(ctx: Context, chainId: string, tell: (chain: Chain) => void): () => void {
  const watch = watchOf(ctx);
  if (watch.watchers.size >= MAX_WATCHERS)
    throw new AppError('BUSY', `${MAX_WATCHERS} pages are being followed by this process; reload later`);
  const watcher = { chainId, tell };
  watch.watchers.add(watcher);
  watch.marks.delete(chainId); // the newcomer must hear of it as it is
  watch.timer ??= start(ctx, watch);
  return () => {
    watch.watchers.delete(watcher);
    if (watch.watchers.size > 0) return;
    if (watch.timer) clearInterval(watch.timer);
    watch.timer = null;
  };
}

function start(ctx: Context, watch: Watch): NodeJS.Timeout {
  let isLooking = false;
  const run = () => {
    if (isLooking) return;
    isLooking = true;
    void look(ctx, watch)
      .catch((error: unknown) => ctx.log.warn({ err: error }, 'watched chains cannot be looked at'))
      .finally(() => {
        isLooking = false;
      });
  };
  run();
  return setInterval(run, LOOK_MS);
}

async function look(ctx: Context, { watchers, marks }: Watch): Promise<void> {
  const ids = [...new Set([...watchers].map(({ chainId }) => chainId))];
  if (ids.length === 0) return;
  const changed: string[] = [];
  const rows = await ctx.db
    .selectFrom('chains as c')
    .leftJoin('tails as t', 't.chain_id', 'c.id')
    .where('c.id', 'in', ids)
    .select((eb) => [
      'c.id',
      'c.updated_at',
      't.version',
      't.loaded_bytes',
      eb
        .selectFrom('attestations as a')
        .whereRef('a.chain_id', '=', 'c.id')
        .select(({ fn }) => fn.max('a.signed_at').as('at'))
        .as('signed_at'),
    ])
    .execute();
  for (const { id, updated_at: updatedAt, version, loaded_bytes: loaded, signed_at: signedAt } of rows) {
    const mark = `${updatedAt.getTime()} ${version} ${loaded} ${signedAt?.getTime()}`;
    if (marks.get(id) === mark) continue;
    marks.set(id, mark);
    changed.push(id);
  }
  if (changed.length === 0) return;
  for (const row of await chainRows(ctx).where('chains.id', 'in', changed).execute()) {
    const chain = toChain(row);
    for (const { chainId, tell } of watchers) if (chainId === chain.id) tell(chain);
  }
}
