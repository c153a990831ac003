import fc from 'fast-check';
import { expect, it } from 'vitest';
import { duplicateKeys } from './duplicate-keys';
import { createScanner } from './scan';

const { scan, members } = createScanner();
const encoder = new TextEncoder();
const scanned = (bytes: Uint8Array) => {
  const line = new Uint8Array([...bytes, 0x0a]);
  return scan(line, 0, bytes.length);
};

it('takes what machines write, and knows its members', () => {
  const simple = fc.dictionary(fc.string({ unit: 'grapheme' }).filter((key) => !/["\\\p{Cc}]/u.test(key)), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 12 });
  fc.assert(
    fc.property(simple, (value) => {
      const text = JSON.stringify(value);
      // Nested keys may hold escapes, and numbers may be long.
      fc.pre(!/\d[\d.e+-]{22}|\\/.test(text));
      expect(scanned(encoder.encode(text))).toBe(true);
      const bytes = encoder.encode(text);
      const found = Array.from({ length: members.count }, (_, index) => {
        const [keyFrom, keyTo, valueFrom, valueTo] = members.at.subarray(4 * index);
        const slice = (from?: number, to?: number) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(from, to));
        return [slice(keyFrom, keyTo), JSON.parse(slice(valueFrom, valueTo))];
      });
      expect(found).toHaveLength(Object.keys(JSON.parse(text)).length);
      expect(Object.fromEntries(found)).toEqual(JSON.parse(text));
    }),
    { numRuns: 500 },
  );
});

it('takes nothing that is no JSON, no UTF-8, or gives a key twice', () => {
  const texts = fc.oneof(
    fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '1', '0', '-', '.', 'e', 'a', '\\', 'u', 'n', 'true', 'null', '"a":', '"b":', ' ', '\u00E9', '\n') }).map((text) => `{${text}}`),
    fc.tuple(fc.json(), fc.nat(), fc.constantFrom(...'{}[]":,01-.e\\ u')).map(([text, at, unit]) => `{"a":${text.slice(0, at % text.length)}${unit}${text.slice((at % text.length) + 1)}}`),
  );
  fc.assert(
    fc.property(texts, (text) => {
      if (!scanned(encoder.encode(text))) return;
      expect(duplicateKeys(text, JSON.parse(text))).toEqual([]);
    }),
    { numRuns: 5000 },
  );
});

it('takes UTF-8 as the decoder does', () => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const bytes = fc.array(fc.oneof(fc.integer({ min: 0x80, max: 0xff }), fc.constantFrom(0x41, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0xe0, 0xf4, 0x90)), { maxLength: 8 });
  fc.assert(
    fc.property(bytes, (list) => {
      const line = new Uint8Array([...encoder.encode('{"a":"'), ...list, ...encoder.encode('"}')]);
      const decodes = (() => {
        try {
          return typeof decoder.decode(line) === 'string';
        } catch {
          return false;
        }
      })();
      expect(scanned(line)).toBe(decodes);
    }),
    { numRuns: 5000 },
  );
});
