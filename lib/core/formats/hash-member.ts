import type { CheckedRecord, UnreadableLine } from '../chain/format';
import { changesBetween } from '../json/changes';
import { MAX_DEPTH } from '../json/tree';
import { unreadable } from './read-line';
import { figure } from '../text/words';

type Note = CheckedRecord['notes'][number];

const BRACE = new Uint8Array([0x7d]);
const PLAIN = /^[\x20-\x7e]*$/;

/** The bytes a hash in last place covers: the line without `,"<key>":"<hash>"`. Null when the line does not end that way. */
export function withoutTrailingHash(
  line: Uint8Array,
  text: string,
  key: string,
  hash: string,
): [Uint8Array, Uint8Array] | null {
  const ending = `,"${key}":"${hash}"}`;
  if (!PLAIN.test(hash) || !text.endsWith(ending)) return null;
  return [line.subarray(0, line.length - ending.length), BRACE];
}

/** The bytes a hash covers whose member, with what follows it, ends the line: the line with what `ending` matches replaced by a brace. */
export function withoutEnding(line: Uint8Array, text: string, ending: RegExp): [Uint8Array, Uint8Array] | null {
  const cut = ending.exec(text)?.[0];
  return cut !== undefined && PLAIN.test(cut) ? [line.subarray(0, line.length - cut.length), BRACE] : null;
}

/** What to say of a record whose hash covers the writer's spelling, and not the bytes at hand. */
export function reSerialised(
  text: string,
  original: string,
  hash: string,
  asWritten: string | null,
  more: readonly string[] = [],
): Note {
  return wroteAnewNote([...changesBetween(text, original), ...more], hash, asWritten);
}

/** That a tool re-serialised the line, and what it changed. */
export function wroteAnewNote(changes: readonly string[], hash: string | null, asWritten: string | null): Note {
  const what = changes.length > 0 ? changes.join(', ') : 'spelling';
  return {
    code: 're-serialised',
    expected: hash,
    found: asWritten,
    message: `The content is as it was hashed, but the bytes are not: another tool wrote the line anew (${what}).`,
  };
}

/** Of a record whose bytes are not as hashed, and which nests too deep for its writer's spelling to be made again. */
export function tooDeep(): UnreadableLine {
  return unreadable(
    'not-a-record',
    `The line nests deeper than ${figure(MAX_DEPTH)} levels and its bytes are not those that were hashed: whether its content is as it was written cannot be told.`,
  );
}

/** Null when no key is given twice. */
export function duplicateKeyNote(keys: readonly string[]): Note | null {
  if (keys.length === 0) return null;
  const names = keys.map((key) => `"${key}"`).join(', ');
  return {
    code: 'duplicate-key',
    expected: null,
    found: keys.join(', '),
    message: `The record gives ${names} more than once; readers differ on which value counts.`,
  };
}

/** For a format whose hash does not cover keys it does not know. */
export function unknownKeyNote(keys: readonly string[], label: string): Note {
  const names = keys.map((key) => `"${key}"`).join(', ');
  return {
    code: 'unknown-key',
    expected: null,
    found: keys.join(', '),
    message: `The record has ${names}, which ${label} does not write and its hash does not cover: added by another tool or by hand.`,
  };
}
