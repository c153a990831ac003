/** A JSON text with every token as written: key order, repeated keys, number and string spellings all survive. */
export type JsonNode =
  | { kind: 'object'; members: { key: string; rawKey: string; value: JsonNode }[] }
  | { kind: 'array'; items: JsonNode[] }
  | { kind: 'string'; value: string; raw: string }
  | { kind: 'literal'; raw: string };

type Container = Extract<JsonNode, { kind: 'object' | 'array' }>;

/** Levels of arrays and objects, the outermost counted. Go's encoding/json, which goes deepest of the writers' own readers, refuses one more. */
export const MAX_DEPTH = 10_000;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = /[ \t\n\r]*/y;
const LITERAL = /[^\s,\]}]+/y;

/** Reads a text that `JSON.parse` accepts. Null when it nests deeper than `maxDepth` levels. */
export function readTree(text: string, maxDepth = MAX_DEPTH): JsonNode | null {
  let at = 0;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const token = pattern.exec(text)?.[0] ?? '';
    at += token.length;
    return token;
  };
  const takeString = (): string => {
    const from = at;
    at += 1;
    for (let code = text.charCodeAt(at); code !== QUOTE && at < text.length; code = text.charCodeAt(at))
      at += code === BACKSLASH ? 2 : 1;
    at += 1;
    return text.slice(from, at);
  };
  const begun = (): JsonNode => {
    take(SPACE);
    const first = text[at];
    if (first === '{' || first === '[') {
      at += 1;
      return first === '{' ? { kind: 'object', members: [] } : { kind: 'array', items: [] };
    }
    if (first !== '"') return { kind: 'literal', raw: take(LITERAL) };
    const raw = takeString();
    return { kind: 'string', raw, value: unquote(raw) };
  };

  const root = begun();
  const open: Container[] = isContainer(root) ? [root] : [];
  for (let inner = open.at(-1); inner; inner = open.at(-1)) {
    if (open.length > maxDepth) return null;
    take(SPACE);
    if (text[at] === ',') at += 1;
    take(SPACE);
    if (text[at] === '}' || text[at] === ']' || at >= text.length) {
      at += 1;
      open.pop();
      continue;
    }
    const rawKey = inner.kind === 'object' ? takeString() : '';
    if (inner.kind === 'object') {
      take(SPACE);
      at += 1; // the colon
    }
    const value = begun();
    if (inner.kind === 'object') inner.members.push({ key: unquote(rawKey), rawKey, value });
    else inner.items.push(value);
    if (isContainer(value)) open.push(value);
  }
  return root;
}

type Members = Extract<JsonNode, { kind: 'object' }>['members'];

/** How a tree is spelled. */
export type Spelling = {
  /** Null for what cannot be written. */
  leaf: (node: Extract<JsonNode, { kind: 'string' | 'literal' }>) => string | null;
  /** The members to write, in their order. */
  members: (members: Members) => Members;
  key: (member: Members[number]) => string;
};

/** Writes a tree without spaces, in time linear in its text at any depth. Null when a leaf of it cannot be written. */
export function writeTree(root: JsonNode, { leaf, members, key }: Spelling): string | null {
  const written: string[] = [];
  const waiting: (JsonNode | string)[] = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string') written.push(next);
    else if (next.kind === 'array') {
      waiting.push(']');
      for (let index = next.items.length - 1; index >= 0; index -= 1)
        waiting.push(next.items[index] ?? '', index > 0 ? ',' : '');
      written.push('[');
    } else if (next.kind === 'object') {
      const ordered = members(next.members);
      waiting.push('}');
      for (let index = ordered.length - 1; index >= 0; index -= 1) {
        const member = ordered[index];
        if (member) waiting.push(member.value, `${index > 0 ? ',' : ''}${key(member)}:`);
      }
      written.push('{');
    } else {
      const text = leaf(next);
      if (text === null) return null;
      written.push(text);
    }
  }
  return written.join('');
}

/** Every node of a tree, each before what is in it. Takes any depth. */
export function* nodesOf(root: JsonNode): Generator<JsonNode> {
  const waiting: JsonNode[] = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    yield node;
    if (!isContainer(node)) continue;
    const inner = node.kind === 'array' ? node.items : node.members.map(({ value }) => value);
    for (let index = inner.length - 1; index >= 0; index -= 1) waiting.push(inner[index] ?? node);
  }
}

function isContainer(node: JsonNode): node is Container {
  return node.kind === 'object' || node.kind === 'array';
}

function unquote(raw: string): string {
  const value: unknown = JSON.parse(raw);
  return typeof value === 'string' ? value : '';
}
