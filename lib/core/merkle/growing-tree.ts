import { EMPTY_ROOT, nodeHash } from './hash';

/** A tree that grows leaf by leaf, of which only the roots of its full subtrees are kept. */
export type GrowingTree = { readonly size: number; push(leafHash: Uint8Array): void; root(): Uint8Array };

export function createGrowingTree(): GrowingTree {
  /** From the largest to the smallest. */
  const full: { level: number; hash: Uint8Array }[] = [];
  let size = 0;
  return {
    get size() {
      return size;
    },
    push(leafHash) {
      let added = { level: 0, hash: leafHash };
      for (let last = full.at(-1); last?.level === added.level; last = full.at(-1)) {
        full.pop();
        added = { level: added.level + 1, hash: nodeHash(last.hash, added.hash) };
      }
      full.push(added);
      size += 1;
    },
    root() {
      const [smallest, ...larger] = full.toReversed();
      return smallest ? larger.reduce((hash, one) => nodeHash(one.hash, hash), smallest.hash) : EMPTY_ROOT;
    },
  };
}
