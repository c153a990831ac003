import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesBetween } from './changes';
import { duplicateKeys } from './duplicate-keys';
import { javascriptText } from './javascript-text';
import { type JsonNode, readTree } from './tree';

function valueOf(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key, valueOf(value)]));
    case 'array':
      return node.items.map(valueOf);
    case 'string':
      return node.value;
    case 'literal':
      return JSON.parse(node.raw);
  }
}

it('javascriptText writes what JSON.stringify does, and goes on where its stack ends', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const wrap = (text: string, levels: number) =>
        `${'{"1":[0,'.repeat(levels)}${text}${'],"0":"x"}'.repeat(levels)}`;
      expect(javascriptText(value)).toBe(JSON.stringify(value));
      expect(javascriptText(JSON.parse(wrap(JSON.stringify(value), 2)))).toBe(
        JSON.stringify(JSON.parse(wrap(JSON.stringify(value), 2))),
      );
    }),
  );
  const deep = `${'{"a":[null,"\u2028",'.repeat(40_000)}1${'],"b":true}'.repeat(40_000)}`;
  expect(javascriptText(JSON.parse(deep))).toBe(deep);
});

describe('readTree', () => {
  it('reads what JSON.parse reads, spaced or not', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const tree = readTree(text);
        expect(tree && valueOf(tree)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps tokens as written', () => {
    expect(readTree(String.raw`{"a":1.0,"a":"\u0041\"}"}`)).toEqual({
      kind: 'object',
      members: [
        { key: 'a', rawKey: '"a"', value: { kind: 'literal', raw: '1.0' } },
        { key: 'a', rawKey: '"a"', value: { kind: 'string', raw: String.raw`"\u0041\"}"`, value: 'A"}' } },
      ],
    });
  });

  it('gives up on what nests too deep', () => {
    expect(readTree(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toBeNull();
  });
});

describe('duplicateKeys', () => {
  it.each([
    ['{"a":1,"b":{"c":[{"d":1}]}}', []],
    ['{"a":1,"a":1}', ['a']],
    ['{"a":{"b":1,"b":2},"c":[{"d":1,"d":2}]}', ['b', 'd']],
    [String.raw`{"a":1,"\u0061":2}`, ['a']],
    [String.raw`{"a":"x\":","b":1}`, []],
    [String.raw`{"a\\":1,"a\\":2}`, ['a\\']],
    ['{ "a" : 1 , "a" : 2 }', ['a']],
    ['{"__proto__":1,"constructor":2}', []],
  ])('of %s are %j', (text, keys) => {
    expect(duplicateKeys(text, JSON.parse(text))).toEqual(keys);
  });

  it('are none where an object was written out', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(duplicateKeys(text, JSON.parse(text))).toEqual([]);
      }),
    );
  });
});

describe('changesBetween', () => {
  it.each([
    ['{"a": 1}', '{"a":1}', ['spacing']],
    [String.raw`{"a":"\u00e9"}`, '{"a":"é"}', ['escapes']],
    ['{"a":1.0}', '{"a":1}', ['number form']],
    ['{"b":1,"a":2}', '{"a":2,"b":1}', ['key order']],
    ['{"a":[ 1.50 ],"h":1}', '{"a":[1.5]}', ['spacing', 'number form']],
    ['{"a":1}', '{"a":1}', []],
  ])('%s and %s: %j', (text, original, changes) => {
    expect(changesBetween(text, original)).toEqual(changes);
  });
});
