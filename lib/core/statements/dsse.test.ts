import { dsse } from '@sigstore/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, preAuthEncoding } from './dsse';

describe('preAuthEncoding', () => {
  it('gives the bytes of the DSSE specification', () => {
    expect(
      new TextDecoder().decode(
        preAuthEncoding('http://example.com/HelloWorld', new TextEncoder().encode('hello world')),
      ),
    ).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  it('gives the bytes sigstore signs', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\x21-\x7e]{1,40}$/), fc.uint8Array(), (type, payload) => {
        expect(Buffer.from(preAuthEncoding(type, payload))).toEqual(dsse.preAuthEncoding(type, Buffer.from(payload)));
      }),
    );
  });
});

describe('canonicalJson', () => {
  it('sorts keys at every depth and leaves nothing between tokens', () => {
    expect(canonicalJson({ b: [{ z: 1, a: undefined, A: null }], a: 'é\n', 1: true })).toBe(
      '{"1":true,"a":"é\\n","b":[{"A":null,"z":1}]}',
    );
  });

  it('means the same value, whatever the order it was built in', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 0, [undefined]])('refuses %s', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});
