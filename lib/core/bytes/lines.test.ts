import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES } from './limits';
import { createLineSplitter, isBlank, splitLines } from './lines';

function split(bytes: Buffer, chunks: readonly number[]) {
  const lines: {
    text: string;
    number: number;
    byteOffset: number;
    byteLength: number;
    crlf: boolean;
    terminated: boolean;
    tooLong: boolean;
    blank: boolean;
  }[] = [];
  const splitter = createLineSplitter((line) =>
    lines.push({ ...line, text: Buffer.from(line.bytes).toString('latin1'), blank: isBlank(line) }),
  );
  let at = 0;
  for (const length of chunks) {
    const chunk = Uint8Array.from(bytes.subarray(at, at + length)); // reused below, as a reader's buffer is
    splitter.push(chunk);
    chunk.fill(0xff);
    at += length;
  }
  splitter.push(bytes.subarray(at));
  splitter.end();
  return lines;
}

describe('createLineSplitter', () => {
  it('gives the same lines however the bytes arrive', () => {
    const text = fc
      .array(fc.constantFrom('\n', '\r\n', 'a', 'bc', ' ', '\t', '\r', 'é'), { maxLength: 40 })
      .map((parts) => Buffer.from(parts.join('')));
    fc.assert(
      fc.property(text, fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 20 }), (bytes, chunks) => {
        const lines = split(bytes, chunks).map(
          ({ text: line, terminated, crlf }) => `${line}${crlf ? '\r' : ''}${terminated ? '\n' : ''}`,
        );
        expect(lines.join('')).toBe(bytes.toString('latin1'));
        expect(split(bytes, chunks).map(({ number, byteOffset }) => [number, byteOffset])).toEqual(
          lines.map((_, index) => [index + 1, lines.slice(0, index).join('').length]),
        );
      }),
    );
  });

  it('tells CR LF, blank and unfinished lines', () => {
    expect(split(Buffer.from('a\r\n \t\n\nlast'), [2])).toMatchObject([
      { text: 'a', byteLength: 1, crlf: true, terminated: true, blank: false },
      { blank: true },
      { byteLength: 0, blank: true },
      { text: 'last', terminated: false, blank: false },
    ]);
  });

  it('keeps nothing of a line longer than a record may be, and goes on after it', () => {
    const lines: { tooLong: boolean; bytes: number; byteOffset: number; byteLength: number }[] = [];
    const splitter = createLineSplitter(({ tooLong, bytes, byteOffset, byteLength }) =>
      lines.push({ tooLong, bytes: bytes.length, byteOffset, byteLength }),
    );
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    for (let sent = 0; sent <= MAX_LINE_BYTES; sent += chunk.length) splitter.push(chunk);
    splitter.push(Buffer.from('\nshort\n'));
    expect(lines).toEqual([
      { tooLong: true, bytes: 0, byteOffset: 0, byteLength: MAX_LINE_BYTES + chunk.length },
      { tooLong: false, bytes: 5, byteOffset: MAX_LINE_BYTES + chunk.length + 1, byteLength: 5 },
    ]);
  });
});

it('holds the beginning of a line by itself: a reader may use its buffer again', () => {
  const texts: string[] = [];
  const splitter = createLineSplitter(({ bytes }) => texts.push(Buffer.from(bytes).toString()));
  const buffer = Buffer.from('first\nsec');
  splitter.push(buffer);
  buffer.write('ond\nthird');
  splitter.push(buffer.subarray(0, 4));
  splitter.end();
  expect(texts).toEqual(['first', 'second']);
});

it('splitLines leaves blank lines out and numbers the rest as they lie', async () => {
  const chunks = async function* () {
    yield Buffer.from('a\n\nb');
    yield Buffer.from('c\r\n');
  };
  const lines = await Array.fromAsync(splitLines(chunks()), ({ bytes, number }) => [
    Buffer.from(bytes).toString(),
    number,
  ]);
  expect(lines).toEqual([
    ['a', 1],
    ['bc', 3],
  ]);
});
