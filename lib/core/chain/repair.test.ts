import { describe, expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { contents, toBytes, writers } from '../../testing/chains';
import { checkBytes } from '../../testing/verify';
import { planRepair, repairSentence } from './repair';
import fc from 'fast-check';

const hasher = await createHasher();
const utf8 = (text: string) => new TextEncoder().encode(text);

describe.each(Object.values(writers(hasher)))('a log of $format.label', ({ format, write }) => {
  const plan = (tail: string | Uint8Array) =>
    planRepair(format, hasher, { bytes: typeof tail === 'string' ? utf8(tail) : tail, byteOffset: 100, line: 7 });

  it('that was cut anywhere in its last line loses that line, and holds without it', () => {
    fc.assert(
      fc.property(contents(2, 6), fc.nat(), (list, where) => {
        const lines = write(list);
        const whole = toBytes(lines.slice(0, -1));
        const last = Buffer.from(lines.at(-1) ?? '');
        const torn = last.subarray(0, 1 + (where % (last.length - 1)));
        expect(planRepair(format, hasher, { bytes: torn, byteOffset: whole.length, line: lines.length })).toEqual({
          byteOffset: whole.length,
          sizeBytes: torn.length,
          line: lines.length,
          sha256: hasher.sha256(torn),
        });
        const { problems } = checkBytes(format, hasher, whole);
        expect(problems).toEqual([]);
      }),
    );
  });

  it('keeps whatever is no torn record', () => {
    expect(plan('')).toBeNull();
    expect(plan(' \t')).toBeNull();
    expect(plan('{"readable":true}')).toBeNull();
    expect(plan(write([{ tool: 'bash', decision: 'allow', note: 'whole' }])[0] ?? '')).toBeNull();
  });

  it('keeps whole records on the torn line', () => {
    const [one = '', two = ''] = write([
      { tool: 'bash', decision: 'allow', note: 'one' },
      { tool: 'bash', decision: 'allow', note: 'two' },
    ]);
    const start = Buffer.byteLength(one);
    expect(plan(`${one}${two.slice(0, 50)}`)).toMatchObject({
      byteOffset: 100 + start,
      sizeBytes: Buffer.byteLength(two.slice(0, 50)),
    });
    expect(plan(`${one}\0\0\0`)).toMatchObject({ byteOffset: 100 + start, sizeBytes: 3 });
    expect(plan(`${two.slice(0, 50)}${one}`)).toBeNull();
  });

  it('loses bytes that are no text', () => {
    expect(plan(Uint8Array.of(0x7b, 0xff))).toMatchObject({ sizeBytes: 2, line: 7 });
  });
});

it('says what is left out', () => {
  expect(repairSentence({ byteOffset: 157_600, sizeBytes: 1_204, line: 228, sha256: '' })).toMatch(
    /^The copy leaves out the last 1,204 bytes, from byte 157,600 on line 228 to the end/,
  );
  expect(repairSentence(null)).toMatch(/nothing to cut off/);
});
