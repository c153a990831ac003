import fc from 'fast-check';
import { expect, it } from 'vitest';
import { storableParameter, storableText } from './storable';

const hostile = fc
  .array(fc.constantFrom('\\', '\0', '\ud83d', '\ude00', 'u0000', 'ud83d', 'a', '"', '\n'), { maxLength: 14 })
  .map((parts) => parts.join(''));

/** What `storableText` wrote, read back. */
const readBack = (text: string) =>
  text.replaceAll(
    /(\\+)(u(0000|d[89a-f][0-9a-f]{2}))/g,
    (_, run: string, rest: string, digits: string) =>
      '\\'.repeat(Math.floor(run.length / 2)) +
      (run.length % 2 === 1 ? String.fromCharCode(Number.parseInt(digits, 16)) : rest),
  );

it.each([
  ['plain \\ text \u0001 😀', 'plain \\ text \u0001 😀'],
  ['half \ud83d', String.raw`half \ud83d`],
  ['\ude00\0', String.raw`\ude00\u0000`],
  [String.raw`written \u0000`, String.raw`written \\u0000`],
  ['\\\0', String.raw`\\\u0000`],
])('%j is stored as %j', (text, stored) => expect(storableText(text)).toBe(stored));

it('can be stored, and read back as what it was', () =>
  fc.assert(
    fc.property(hostile, (text) => {
      const stored = storableText(text);
      expect(stored.isWellFormed() && !stored.includes('\0')).toBe(true);
      expect(readBack(stored)).toBe(text);
    }),
    { numRuns: 2000 },
  ));

it('a parameter that is JSON holds no unit that cannot be stored, and stays the JSON of the same value else', () =>
  fc.assert(
    fc.property(hostile, (text) => {
      const written = storableParameter(JSON.stringify({ [text]: text }));
      const [[key = '', value] = []] = Object.entries(JSON.parse(written) as Record<string, string>);
      expect(key).toBe(value);
      expect(key.isWellFormed() && !key.includes('\0')).toBe(true);
      expect(key === text).toBe(text.isWellFormed() && !text.includes('\0'));
      expect(storableParameter(written)).toBe(written);
    }),
    { numRuns: 2000 },
  ));

it('does not take longer for many backslashes than for as many letters', () => {
  const many = `\0${'\\'.repeat(4_000_000)}`;
  expect(storableText(many).length).toBe(many.length + 5);
});
