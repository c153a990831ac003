import { type JsonObject, isObject } from './read-line';

/** The value when it is a string, else empty. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The first that is a string with something in it. */
export function firstText(...values: unknown[]): string {
  for (const value of values) if (typeof value === 'string' && value !== '') return value;
  return '';
}

/** A finite number of at least zero, else zero. */
export function amount(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}

/** As `amount`, cut to a whole number a double holds exactly. */
export function count(value: unknown): number {
  return Math.min(Math.trunc(amount(value)), Number.MAX_SAFE_INTEGER);
}

/**
 * The names of the arguments that a tool was called with, in the order of their UTF-16 code units, in braces. Arguments that are no object have none, and
 * what names no tool is no call.
 */
export function shapeOf(tool: string, inputs: unknown): string {
  return tool === '' ? '' : `{${isObject(inputs) ? Object.keys(inputs).toSorted().join(',') : ''}}`;
}

/** Values the writer replaced by `[REDACTED]`. */
export function redactions(value: unknown): number {
  let found = 0;
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (next === '[REDACTED]') found += 1;
    else if (typeof next === 'object' && next !== null) for (const inner of Object.values(next)) pending.push(inner);
  }
  return found;
}

export type ResourceClass = 'path' | 'host' | 'url' | 'command' | 'pattern' | 'query' | 'object';
/** What was acted on, what that is, and the host where it names one. */
type Resource = { target: string; resourceClass: ResourceClass | ''; host: string };

const NO_RESOURCE: Resource = { target: '', resourceClass: '', host: '' };
const HOST_OF_URL = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?(\[[^\]/?#]*\]|[^/?#:]*)/i;

export function resource(target: string, resourceClass: ResourceClass): Resource {
  return target === '' ? NO_RESOURCE : { target, resourceClass, host: resourceClass === 'url' ? hostOf(target) : '' };
}

/** The first of some members that is a string with something in it, with the class it has by its name. */
export function resourceAmong(from: JsonObject, members: readonly (readonly [string, ResourceClass])[]): Resource {
  for (const [name, resourceClass] of members) {
    const value = from[name];
    if (typeof value === 'string' && value !== '') return resource(value, resourceClass);
  }
  return NO_RESOURCE;
}

/** The host of a URL, in lower case, without its port; empty where there is none. */
export function hostOf(url: string): string {
  return HOST_OF_URL.exec(url)?.[1]?.toLowerCase() ?? '';
}

/** What is marked of a record, as the field `flags` has it. */
export function flagsOf(flags: readonly string[]): string {
  return flags.filter((flag) => flag !== '').join(', ');
}

const MOST_EXTRA = 32;
const MAX_EXTRA_CHARACTERS = 256;
export const EXTRA_CUT = 'extra-cut';

/**
 * Members that no field is made of, with their values, as the field `extra` has them. What is empty is left out; `isCut` when something
 * was left out for its size, or for the number of them.
 */
export function restOf(from: JsonObject, used: ReadonlySet<string>): { extra: string; isCut: boolean } {
  let members = '';
  let count = 0;
  let isCut = false;
  for (const name in from) {
    if (used.has(name)) continue;
    const value = from[name];
    if (value === null || value === undefined || value === '' || value === 0 || value === false) continue;
    const text = count < MOST_EXTRA && name.length <= MAX_EXTRA_CHARACTERS ? shortText(value) : null;
    if (text === null) isCut = true;
    else {
      members += `${count === 0 ? '' : ','}${quoted(name)}:${quoted(text)}`;
      count += 1;
    }
  }
  return { extra: count === 0 ? '' : `{${members}}`, isCut };
}

const PLAIN = /^[ !#-[\]-~]*$/;

/** As `JSON.stringify` writes it. */
function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** A value as a text; null when it is longer than one may be. */
function shortText(value: unknown): string | null {
  const written = typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return written.length > MAX_EXTRA_CHARACTERS ? null : written;
}
