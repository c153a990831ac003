import type { Hasher } from '../../../core/chain/format';
import type { ChainHead } from '../../../core/merkle/chain-root';
import type { Statement } from '../../../core/statements/statement';
import type { Item } from '../item';
import { filesOf, rotatedChains } from '../walk/rotated';
import { treeRoot } from '../walk/tree-head';

/** The head of the tree among the subjects of a statement; null when it names none. */
export function treeNamed({ subject }: Statement): ChainHead | null {
  for (const { digest, annotations } of subject) {
    const size = annotations?.tree === 'RFC 6962' ? annotations.size : null;
    if (typeof size === 'number' && digest.sha256 !== undefined) return { size, rootHash: digest.sha256 };
  }
  return null;
}

/** The logs of these digests, in this order; null unless all are here. */
export function piecesOf(digests: readonly string[], logs: readonly Item[]): Item[] | null {
  const pieces = digests.flatMap((digest) => logs.find(({ walk }) => walk?.sha256 === digest) ?? []);
  return pieces.length === digests.length && pieces.length > 0 ? pieces : null;
}

/** The logs whose records, one after another, lead to a root: one log, the files rotation made of one, or the pieces that are named. */
export async function chainWith(
  { size, rootHash }: ChainHead,
  { logs, digests, hasher }: { logs: readonly Item[]; digests: readonly string[]; hasher: Hasher },
): Promise<Item[] | null> {
  const pieces = piecesOf(digests, logs);
  // What it names first: roots are made by reading everything once more.
  const candidates = [...(pieces ? [pieces] : []), ...rotatedChains(logs), ...logs.map((item) => [item])];
  for (const items of candidates) {
    if ((await treeRoot(filesOf(items), { size, hasher })) === rootHash) return items;
  }
  return null;
}

export function namesOf(items: readonly Item[]): string[] {
  return items.map(({ source }) => source.name);
}
