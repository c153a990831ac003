/** A JSON text with every token as written: key order, repeated keys, number and string spellings all survive. */
export type JsonNode =
  | { kind: 'object'; members: { key: string; rawKey: string; value: JsonNode }[] }
  | { kind: 'array'; items: JsonNode[] }
  | { kind: 'string'; value: string; raw: string }
  | { kind: 'literal'; raw: string };

const MAX_DEPTH = 256;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = /[ \t\n\r]*/y;
const LITERAL = /[^\s,\]}]+/y;

/** Reads a text that `JSON.parse` accepts. Null when it nests deeper than 256 levels. */
export function readTree(text: string): JsonNode | null {
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
    for (let code = text.charCodeAt(at); code !== QUOTE && at < text.length; code = text.charCodeAt(at)) at += code === BACKSLASH ? 2 : 1;
    at += 1;
    return text.slice(from, at);
  };
  const value = (depth: number): JsonNode | null => {
    if (depth > MAX_DEPTH) return null;
    take(SPACE);
    if (text[at] === '{') return object(depth);
    if (text[at] === '[') return array(depth);
    if (text[at] !== '"') return { kind: 'literal', raw: take(LITERAL) };
    const raw = takeString();
    return { kind: 'string', raw, value: unquote(raw) };
  };
  const object = (depth: number): JsonNode | null => {
    const members: Extract<JsonNode, { kind: 'object' }>['members'] = [];
    at += 1;
    for (take(SPACE); text[at] !== '}' && at < text.length; take(SPACE)) {
      if (text[at] === ',') at += 1;
      take(SPACE);
      const rawKey = takeString();
      take(SPACE);
      at += 1; // the colon
      const member = value(depth + 1);
      if (!member) return null;
      members.push({ key: unquote(rawKey), rawKey, value: member });
    }
    at += 1;
    return { kind: 'object', members };
  };
  const array = (depth: number): JsonNode | null => {
    const items: JsonNode[] = [];
    at += 1;
    for (take(SPACE); text[at] !== ']' && at < text.length; take(SPACE)) {
      if (text[at] === ',') at += 1;
      const item = value(depth + 1);
      if (!item) return null;
      items.push(item);
    }
    at += 1;
    return { kind: 'array', items };
  };
  return value(0);
}

function unquote(raw: string): string {
  const value: unknown = JSON.parse(raw);
  return typeof value === 'string' ? value : '';
}
