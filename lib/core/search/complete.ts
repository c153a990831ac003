import { SEARCH_FIELDS, type SearchField, searchField } from './fields';

/** What is being written where the caret stands: the name of a field, or a value of one. `from` to `to` is what a choice takes the place of. */
export type Completion =
  | { kind: 'field'; from: number; to: number; fields: readonly SearchField[] }
  | { kind: 'value'; from: number; to: number; field: SearchField; begins: string };

const BEFORE = /(?:^|[\s(])-?([A-Za-z_][A-Za-z0-9_]*)?$/;
const VALUE = /(?:^|[\s(-])([A-Za-z_][A-Za-z0-9_]*)[:=]("(?:[^"\\]|\\[^])*|[^\s()"]*)$/;

/** Null where nothing can be proposed, as within a number or a text. */
export function completionAt(search: string, caret: number): Completion | null {
  const before = search.slice(0, caret);
  const value = VALUE.exec(before);
  if (value) {
    const [, name = '', written = ''] = value;
    const field = searchField(name);
    if (!field || !(field.type === 'text' || field.type === 'decision' || field.type === 'chain')) return null;
    const begins = written.replace(/^"/, '').replaceAll(/\\([^])/g, '$1');
    return { kind: 'value', from: caret - written.length, to: caret, field, begins };
  }
  const named = BEFORE.exec(before);
  if (!named) return null;
  const written = named[1] ?? '';
  const fields = SEARCH_FIELDS.filter(({ names }) => names.some((name) => name.startsWith(written.toLowerCase())));
  return fields.length === 0 ? null : { kind: 'field', from: caret - written.length, to: caret, fields };
}
