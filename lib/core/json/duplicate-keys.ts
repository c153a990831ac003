import { nodesOf, readTree } from './tree';

/** Names given more than once in one object of the text, at any depth, in order of appearance. `parsed` is what `JSON.parse` made of it. */
export function duplicateKeys(text: string, parsed: unknown): string[] {
  if (countColons(text) === countKeys(parsed)) return [];
  const tree = readTree(text);
  const repeated = new Set<string>();
  for (const node of tree ? nodesOf(tree) : []) {
    if (node.kind !== 'object') continue;
    const seen = new Set<string>();
    for (const { key } of node.members) {
      if (seen.has(key)) repeated.add(key);
      seen.add(key);
    }
  }
  return [...repeated];
}

/** How often a quote is followed by a colon: once a key in text without spaces. -1 when that cannot be told from strings. */
function countColons(text: string): number {
  let count = 0;
  for (let at = text.indexOf('":'); at !== -1; at = text.indexOf('":', at + 2)) {
    if (text[at - 1] === '\\') return -1;
    count += 1;
  }
  return count;
}

function countKeys(parsed: unknown): number {
  let count = 0;
  const pending: unknown[] = [parsed];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const inner = Object.values(value);
    if (!Array.isArray(value)) count += inner.length;
    for (const child of inner) if (typeof child === 'object' && child !== null) pending.push(child);
  }
  return count;
}
