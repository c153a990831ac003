import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicateKeys } from '../json/duplicate-keys';
import { createModule } from '../wasm/module';
import { defineJson } from './json';
import { INPUT, MEMBERS, PAGES } from './layout';

describe.each([{ notes: true }, { notes: false }])('with notes: $notes', ({ notes }) => {
  const module = createModule(PAGES);
  const json = defineJson(module, { notes });
  const exported = module.function('scan', ['i32'], ['i32']);
  exported.define(([from]) => (from ? json.scan.call(from.get) : []));
  const counted = module.function('count', [], ['i32']);
  counted.define(() => json.memberCount.get);
  const { memory, scan, count } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes())).exports as {
    memory: WebAssembly.Memory;
    scan(from: number): number;
    count(): number;
  }; // as defined above

  const encoder = new TextEncoder();
  const all = new Uint8Array(memory.buffer);

  /** Looks at an object with another before it, whose keys are then expected. */
  function scanned(bytes: Uint8Array, before: Uint8Array = encoder.encode('{}')): boolean {
    for (const object of [before, bytes]) {
      all.set(object, INPUT);
      all.fill(0x0a, INPUT + object.length, INPUT + object.length + 64);
      if (object === before) scan(INPUT);
    }
    return scan(INPUT) === INPUT + bytes.length;
  }

  const key = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !/["\\\p{Cc}]/u.test(text));
  const simple = fc.dictionary(key, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 12 });
  /** Keys in objects inside may hold escapes, and numbers may be long. */
  const isPlain = (text: string) => !/\d[\d.e+-]{22}|\\.[^"]*":/.test(text);

  it('takes what machines write, and knows its members, whatever came before', () => {
    const pairs = fc.oneof(
      fc.tuple(simple, simple),
      simple.map((value) => [value, value] as const),
      fc.tuple(simple, fc.jsonValue()).map(
        ([value, other]) =>
          [
            { ...value, last: 1 },
            { ...value, last: other, more: other },
          ] as const,
      ),
      fc.tuple(simple, fc.jsonValue()).map(
        ([value, other]) =>
          [
            { ...value, last: 1, more: other },
            { ...value, last: other },
          ] as const,
      ),
    );
    fc.assert(
      fc.property(pairs, ([before, value]) => {
        const text = JSON.stringify(value);
        fc.pre(isPlain(text) && isPlain(JSON.stringify(before)));
        const bytes = encoder.encode(text);
        expect(scanned(bytes, encoder.encode(JSON.stringify(before)))).toBe(true);
        const places = new Int32Array(memory.buffer, MEMBERS, 4 * count()).map((at) => at - INPUT);
        const slice = (from?: number, to?: number) =>
          new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(from, to));
        const found = Array.from({ length: count() }, (_, index) => [
          slice(...places.subarray(4 * index, 4 * index + 2)),
          JSON.parse(slice(...places.subarray(4 * index + 2, 4 * index + 4))),
        ]);
        expect(found).toHaveLength(Object.keys(JSON.parse(text)).length);
        expect(Object.fromEntries(found)).toEqual(JSON.parse(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes nothing that is no JSON, no UTF-8, or gives a key twice', () => {
    const units = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '1',
      '0',
      '-',
      '.',
      'e',
      'a',
      '\\',
      'u',
      'n',
      'true',
      'null',
      '"a":',
      '"b":',
      ' ',
      '\u00E9',
      '\n',
      '"a long text of more than sixteen bytes"',
    );
    const texts = fc.oneof(
      fc.string({ unit: units }).map((text) => `{${text}}`),
      fc
        .tuple(fc.json(), fc.nat(), fc.constantFrom(...'{}[]":,01-.e\\ u'))
        .map(
          ([text, at, unit]) => `{"a":${text.slice(0, at % text.length)}${unit}${text.slice((at % text.length) + 1)}}`,
        ),
      fc
        .array(fc.constantFrom('"a":1', '"b":"x"', '"c":{}', '"a":[]', '"d":{"a":1,"a":2}', '"e":[1,]'), {
          maxLength: 5,
        })
        .map((members) => `{${members.join(',')}}`),
    );
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom('{}', '{"a":1,"b":2}', '{"a":1,"b":2,"c":3}', '{"b":2,"a":1}'),
        (text, before) => {
          if (!scanned(encoder.encode(text), encoder.encode(before))) return;
          expect(duplicateKeys(text, JSON.parse(text))).toEqual([]);
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it('takes UTF-8 as the decoder does, wherever in a string it stands', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const bytes = fc.array(
      fc.oneof(
        fc.integer({ min: 0x80, max: 0xff }),
        fc.constantFrom(0x41, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0xe0, 0xf4, 0x90),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(fc.nat({ max: 20 }), bytes, (plain, list) => {
        const line = new Uint8Array([
          ...encoder.encode(`{"a":"${'x'.repeat(plain)}`),
          ...list,
          ...encoder.encode('"}'),
        ]);
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
});
