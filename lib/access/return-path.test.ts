import { expect, it } from 'vitest';
import { returnPath, signInPath } from './return-path';

it.each([
  ['/chains/1?tab=records&record=5', '/chains/1?tab=records&record=5'],
  ['/findings?_rsc=1abc&level=high', '/findings?level=high'],
  ['/chains?_rsc=x', '/chains'],
  ['//evil.example/x', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/.//evil.example', '/'],
  ['https://evil.example/', '/'],
  ['javascript:alert(1)', '/'],
  ['', '/'],
  [undefined, '/'],
  ['/sign-in?to=/chains', '/'],
  [`/${'x'.repeat(3_000)}`, '/'],
])('%s: %s', (to, path) => {
  expect(returnPath(to)).toBe(path);
});

it('is put in the address of the sign-in page, unless it is the overview', () => {
  expect(signInPath('/chains?q=a&b')).toBe('/sign-in?to=%2Fchains%3Fq%3Da%26b%3D');
  expect([signInPath('/'), signInPath(null)]).toEqual(['/sign-in', '/sign-in']);
});
