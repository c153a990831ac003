import { isJsonSpace } from '../bytes/json-text';
/** A member of the outermost object of a text, by where it lies: `from` at the quote of its key, `to` behind its value. */
export type MemberSpan = { key: string; from: number; valueFrom: number; to: number };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The members of the outermost object of a text that is valid JSON, in order, repeated ones included. Empty for what is no object. */
export function memberSpans(text: string): MemberSpan[] {
  const spans: MemberSpan[] = [];
  let depth = 0;
  let key: { text: string; from: number } | null = null;
  let valueFrom = -1;
  const close = (end: number) => {
    if (key && valueFrom !== -1)
      spans.push({ key: unquote(key.text), from: key.from, valueFrom, to: trimmedEnd(text, end) });
    key = null;
    valueFrom = -1;
  };
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isJsonSpace(code)) continue;
    if (depth === 0 && code !== 0x7b) return [];
    if (code === QUOTE) {
      const end = stringEnd(text, at);
      if (depth === 1 && !key) key = { text: text.slice(at, end), from: at };
      else if (depth === 1 && valueFrom === -1) valueFrom = at;
      at = end - 1;
    } else if (code === 0x7b || code === 0x5b) {
      if (depth === 1 && valueFrom === -1) valueFrom = at;
      depth += 1;
    } else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
      if (depth === 0) {
        close(at);
        return spans;
      }
    } else if (depth === 1 && code === 0x2c) close(at);
    else if (depth === 1 && code !== 0x3a && valueFrom === -1) valueFrom = at;
  }
  return spans;
}

/** The text without one member and the comma that set it apart. */
export function withoutMember(text: string, spans: readonly MemberSpan[], index: number): string {
  const [before, span, after] = [spans[index - 1], spans[index], spans[index + 1]];
  if (!span) return text;
  if (after) return text.slice(0, span.from) + text.slice(after.from);
  return text.slice(0, before ? before.to : span.from) + text.slice(span.to);
}

function stringEnd(text: string, from: number): number {
  let at = from + 1;
  for (let code = text.charCodeAt(at); code !== QUOTE && at < text.length; code = text.charCodeAt(at))
    at += code === BACKSLASH ? 2 : 1;
  return at + 1;
}

function trimmedEnd(text: string, end: number): number {
  let at = end;
  while (at > 0 && /[ \t\n\r]/.test(text[at - 1] ?? '')) at -= 1;
  return at;
}

function unquote(raw: string): string {
  const value: unknown = JSON.parse(raw);
  return typeof value === 'string' ? value : '';
}
