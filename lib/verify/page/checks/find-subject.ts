import type { FoundBy } from '../../../core/checks/reasons/comparison';
import type { Hasher } from '../../../core/chain/format';
import { type Verdict, worst } from '../../../core/chain/verdict';
import type { ChainHead } from '../../../core/merkle/chain-root';
import { excerptNamed } from '../../../core/statements/excerpt-name';
import { type Standing, standingOf } from '../../../core/statements/standing';
import type { Statement } from '../../../core/statements/statement';
import type { Item } from '../item';
import { digestsOf } from '../item';
import { joinFirst } from '../walk/join-first';
import { type Joined, joinWalk } from '../walk/join-walk';
import { filesOf } from '../walk/rotated';
import { treeRoot } from '../walk/tree-head';
import { chainWith, namesOf, piecesOf, treeNamed } from './find-chain';
import { verifiedAs } from './check-log';

/** The logs a statement is about that says so by digests alone, and what they come to. */
export type Found = {
  items: readonly Item[];
  verdict: Verdict;
  /** Some of the content is under no hash. */
  hasUncovered: boolean;
  /** Which records were found, and how. */
  by: FoundBy;
  /** All it is about; a piece of that; or the chain that what it is about was picked from. */
  extent: 'whole' | 'picked' | 'piece' | 'around';
  /** Several that are one chain, in order. */
  chain: readonly Item[] | null;
  /** Picked records, which are no chain by themselves. */
  noChain: Item | null;
};

const SEGMENT = /^[0-9a-f]{64}\.jsonl$/;

/** What a statement is about among the logs: by the root of the tree it names, or by the digests of files. `pieces`: the segments of chains, in order, as other statements here name them. */
export async function foundFor(
  statement: Statement,
  logs: readonly Item[],
  { pieces, hasher }: { pieces: readonly (readonly string[])[]; hasher: Hasher },
): Promise<Found | null> {
  const { subject } = statement;
  const excerpt = subject.flatMap(({ name, digest }) => {
    const named = excerptNamed(name ?? '');
    return named ? [{ ...named, sha256: digest.sha256 ?? '' }] : [];
  })[0];
  const picked = excerpt && logs.find((item) => digestsOf(item).includes(excerpt.sha256));
  if (picked) return excerptFound(picked, excerpt.isContiguous, hasher);
  const tree = treeNamed(statement);
  const digests = subject.flatMap(({ name, digest }) =>
    digest.sha256 !== undefined && SEGMENT.test(name ?? '') ? [digest.sha256] : [],
  );
  const chain =
    tree && ((await chainWith(tree, { logs, digests, hasher })) ?? (await chainOf(pieces, { tree, logs, hasher })));
  if (tree && chain) {
    const joined = await joinFirst(filesOf(chain), { count: tree.size, hasher });
    if (joined)
      return {
        items: chain,
        ...standingIn(joined),
        by: { by: 'tree', files: namesOf(chain), records: tree.size, rootHash: tree.rootHash },
        extent: excerpt ? 'around' : 'whole',
        chain: chain.length > 1 ? chain : null,
        noChain: null,
      };
  }
  const named = new Set(subject.flatMap(({ digest }) => digest.sha256 ?? []));
  const items = logs.filter((item) => digestsOf(item).some((digest) => named.has(digest)));
  if (items.length === 0) return null;
  const each = await Promise.all(
    items.map(async (item) => standingIn((await verifiedAs(filesOf([item]), hasher)).joined)),
  );
  return {
    items,
    verdict: each.map(({ verdict }) => verdict).reduce(worst),
    hasUncovered: each.some(({ hasUncovered }) => hasUncovered),
    by: { by: 'digest', files: namesOf(items) },
    extent: tree ? 'piece' : 'whole',
    chain: null,
    noChain: null,
  };
}

/** The first of the lists of segments that are all here and lead to the root. */
async function chainOf(
  lists: readonly (readonly string[])[],
  { tree, logs, hasher }: { tree: ChainHead; logs: readonly Item[]; hasher: Hasher },
): Promise<Item[] | null> {
  for (const digests of lists) {
    const items = piecesOf(digests, logs);
    if (items && (await treeRoot(filesOf(items), { size: tree.size, hasher })) === tree.rootHash) return items;
  }
  return null;
}

function standingIn({ verdict, problemCounts }: Pick<Joined, 'verdict' | 'problemCounts'>): Standing {
  return standingOf(verdict, problemCounts);
}

async function excerptFound(item: Item, isContiguous: boolean, hasher: Hasher): Promise<Found> {
  const { verdict, problemCounts, records, validRecords } = await joinWalk(filesOf([item]), {
    hasher,
    continues: true,
  });
  const { hasUncovered } = standingOf(verdict, problemCounts);
  const by: FoundBy = { by: 'excerpt', file: item.source.name, records };
  if (isContiguous) return { items: [item], verdict, hasUncovered, by, extent: 'whole', chain: null, noChain: null };
  return {
    items: [item],
    verdict: records === validRecords ? 'verified' : 'tampered',
    hasUncovered,
    by,
    extent: 'picked',
    chain: null,
    noChain: item,
  };
}
