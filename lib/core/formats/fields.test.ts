import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostOf, resource, resourceAmong, restOf } from './fields';

const rest = (from: Record<string, unknown>, used: string[] = []) => restOf(from, new Set(used));

describe('the rest of a record', () => {
  it('is a JSON object of texts, without what fields are made of and what is empty', () => {
    expect(
      rest({ used: 'x', word: 'ä"\n', n: 3, yes: true, no: false, none: null, list: [1], zero: 0 }, ['used']),
    ).toEqual({
      extra: JSON.stringify({ word: 'ä"\n', n: '3', yes: 'true', list: '[1]' }),
      isCut: false,
    });
    expect(rest({ used: 'x' }, ['used'])).toEqual({ extra: '', isCut: false });
  });

  it('is cut to 32 members of 256 characters, and says so', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`m${index}`, 'x'.repeat(256)]));
    const { extra, isCut } = rest(many);
    expect([Object.keys(JSON.parse(extra)).length, isCut]).toEqual([32, true]);
    expect(rest({ long: 'x'.repeat(257), short: 'y' })).toEqual({ extra: '{"short":"y"}', isCut: true });
    expect(rest({ ['n'.repeat(257)]: 'y' })).toEqual({ extra: '', isCut: true });
  });

  it('is JSON and bounded, whatever is in the record', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 50 }), (from) => {
        const { extra } = rest(from);
        const members: Record<string, unknown> = extra === '' ? {} : JSON.parse(extra);
        expect(Object.keys(members).length).toBeLessThanOrEqual(32);
        for (const value of Object.values(members)) {
          expect(typeof value).toBe('string');
          expect(String(value).length).toBeLessThanOrEqual(256);
        }
      }),
    );
  });
});

describe('what was acted on', () => {
  it.each([
    ['https://User:pw@API.example.com:8443/x?y', 'api.example.com'],
    ['http://[::1]:80/', '[::1]'],
    ['https://example.com', 'example.com'],
    ['file:///etc/hosts', ''],
    ['/etc/hosts', ''],
    ['mailto:a@example.com', ''],
  ])('the host of %s is %s', (url, host) => {
    expect(hostOf(url)).toBe(host);
  });

  it('is the first member that holds something, and of its class', () => {
    const members = [
      ['path', 'path'],
      ['url', 'url'],
    ] as const;
    expect(resourceAmong({ path: '', url: 'https://a.example/b' }, members)).toEqual({
      target: 'https://a.example/b',
      resourceClass: 'url',
      host: 'a.example',
    });
    expect(resourceAmong({ path: 7 }, members)).toEqual({ target: '', resourceClass: '', host: '' });
    expect(resource('rm -rf /', 'command')).toEqual({ target: 'rm -rf /', resourceClass: 'command', host: '' });
  });
});
