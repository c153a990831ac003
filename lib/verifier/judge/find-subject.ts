import type { Hasher } from '../../core/chain/format';
import { type Verdict, worst } from '../../core/chain/verdict';
import type { Statement } from '../../core/statements/statement';
import type { Item } from '../item';
import { digestsOf } from '../item';
import { joinFirst } from '../walk/join-first';
import { joinWalk } from '../walk/join-walk';
import { filesOf } from '../walk/rotated';
import { chainWith, namesOf, treeNamed } from './find-chain';
import { judgedAs } from './judge-log';
import { many } from './words';

/** The logs a statement is about that says so by digests alone, and what they come to. */
export type Found = {
  items: readonly Item[];
  verdict: Verdict;
  /** Which records were found, as a sentence. */
  told: string;
  /** All it is about; a piece of that; or the chain that what it is about was picked from. */
  extent: 'whole' | 'picked' | 'piece' | 'around';
  /** Several that are one chain, in order. */
  chain: readonly Item[] | null;
  /** Picked records, which are no chain by themselves. */
  noChain: Item | null;
};

/** As excerpts of some records are called, and those of records that need not follow one another. */
const EXCERPT = /\.(records-\d+-\d+|(session|run)-.+)\.jsonl$/;
const SEGMENT = /^[0-9a-f]{64}\.jsonl$/;

/** What a statement is about among the logs: by the root of the tree it names, or by the digests of files. */
export async function foundFor(statement: Statement, logs: readonly Item[], hasher: Hasher): Promise<Found | null> {
  const { subject } = statement;
  const excerpt = subject.find(({ name }) => EXCERPT.test(name ?? ''));
  const picked = excerpt && logs.find((item) => digestsOf(item).includes(excerpt.digest.sha256 ?? ''));
  if (picked) return excerptFound(picked, EXCERPT.exec(excerpt.name ?? '')?.[2] === undefined, hasher);
  const tree = treeNamed(statement);
  const digests = subject.flatMap(({ name, digest }) => (digest.sha256 !== undefined && SEGMENT.test(name ?? '') ? [digest.sha256] : []));
  const chain = tree && (await chainWith(tree, { logs, digests, hasher }));
  if (tree && chain) {
    const joined = await joinFirst(filesOf(chain), { count: tree.size, hasher });
    if (joined) return { items: chain, verdict: joined.verdict, told: `The first ${many(tree.size, 'record')} of ${namesOf(chain)} lead to the root ${tree.rootHash} that it names.`, extent: excerpt ? 'around' : 'whole', chain: chain.length > 1 ? chain : null, noChain: null };
  }
  const named = new Set(subject.flatMap(({ digest }) => digest.sha256 ?? []));
  const items = logs.filter((item) => digestsOf(item).some((digest) => named.has(digest)));
  if (items.length === 0) return null;
  const verdicts = await Promise.all(items.map(async (item) => (await judgedAs(filesOf([item]), hasher)).joined.verdict));
  return { items, verdict: verdicts.reduce(worst), told: `${namesOf(items)} ${items.length === 1 ? 'has' : 'have'} a SHA-256 it names.`, extent: tree ? 'piece' : 'whole', chain: null, noChain: null };
}

async function excerptFound(item: Item, isContiguous: boolean, hasher: Hasher): Promise<Found> {
  const { verdict, records, validRecords } = await joinWalk(filesOf([item]), { hasher, continues: true });
  const told = `${item.source.name} holds exactly the ${many(records, 'record')} it is about.`;
  if (isContiguous) return { items: [item], verdict, told, extent: 'whole', chain: null, noChain: null };
  return { items: [item], verdict: records === validRecords ? 'verified' : 'tampered', told, extent: 'picked', chain: null, noChain: item };
}
